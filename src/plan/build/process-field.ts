import type { Template } from '../../base/template.ts';
import type { FillPlace } from './fill-place.ts';
import { oneInstance, resolveName } from './resolve-name.ts';

/** `process.NAME.FIELD` needs a process of one instance; what is wrong is reported. */
export function checkProcessField(at: FillPlace, template: Template): void {
  for (const part of template.parts) {
    if (typeof part === 'string' || part.path[0] !== 'process') continue;
    const [, name = ''] = part.path;
    const thing = resolveName(at.context, at.place, name, {
      takes: 'processes',
      where: '`process.NAME`',
    });
    if (thing !== null) oneInstance(at.context, at.place, thing, '`process.NAME.FIELD`');
  }
}
