import type { RunEventBody } from '../engine/run-event.ts';
import type { Plan } from '../plan/plan.ts';
import type { ContainmentLevel } from './containment/containment.ts';
import type { RunFolder } from './run-folder/run-folder.ts';
import type { DiagnosticCode } from '../diagnostics/catalogue.ts';
import type { MakeJobserver } from './jobserver/make-client.ts';

/** What a run says of itself before anything else; `resumes` is the id of the run that it goes on from. */
export function runStarted(plan: Plan, folder: RunFolder, containment: ContainmentLevel, resumes: string | undefined): RunEventBody {
  return {
    type: 'run.started',
    run: folder.id,
    name: plan.name,
    spec: plan.specFile,
    pid: folder.pid,
    folder: folder.path,
    containment,
    ...(resumes === undefined ? {} : { resumes }),
    instances: plan.instances.map(({ name, process: definition, kind }) => ({ name, process: definition, kind })),
    pools: plan.pools.map(({ name, workers }) => ({ name, workers })),
  };
}

/** What a run lacks from its start on. */
export function startWarnings(make: MakeJobserver): readonly { readonly code: DiagnosticCode; readonly message: string }[] {
  return [
    ...(make.type === 'unusable' ? [{ code: 'MP827', message: make.message } as const] : []),
    ...(process.pid === 1
      ? [{ code: 'MP831', message: 'mpctl is process 1 here, and nobody reaps the orphans of this container: start it with an init (`docker run --init`, `tini -- mpctl run`)' } as const]
      : []),
  ];
}
