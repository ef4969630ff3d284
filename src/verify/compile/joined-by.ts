import type { Step } from '../../plan/step.ts';

/** Of whom a step awaits the end; none where it is a queue. */
export function joinedBy(target: Extract<Step, { verb: 'join' }>['target']): readonly string[] {
  switch (target.kind) {
    case 'queue':
      return [];
    case 'pool':
      return [target.name];
    case 'instances':
      return target.instances;
  }
}
