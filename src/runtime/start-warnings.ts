import type { DiagnosticCode } from '../diagnostics/catalogue.ts';
import type { MakeJobserver } from './jobserver/make-client.ts';

/** What a run lacks from its start on. */
export function startWarnings(make: MakeJobserver): readonly { readonly code: DiagnosticCode; readonly message: string }[] {
  return [
    ...(make.type === 'unusable' ? [{ code: 'MP827', message: make.message } as const] : []),
    ...(process.pid === 1
      ? [{ code: 'MP831', message: 'mpctl is process 1 here, and nobody reaps the orphans of this container: start it with an init (`docker run --init`, `tini -- mpctl run`)' } as const]
      : []),
  ];
}
