import { describeLeft, endKilledRun } from '../src/runtime/run-folder/end-killed-run.ts';
import { runsFolders } from '../src/runtime/run-folder/run-folder-places.ts';
import { killedRuns } from '../src/runtime/run-folder/running-runs.ts';
import type { Host } from './host.ts';

/** Before a run starts: what killed runs of the project have left is ended, since it may have the ports and files that this one wants. */
export async function endKilledRuns(host: Host, projectFolder: string): Promise<void> {
  const [inProject] = runsFolders(projectFolder, host.environment);
  for (const run of killedRuns(inProject)) {
    const { id } = run.record;
    const ended = await endKilledRun(run, host.environment, () => host.stderr.write(`mpctl: waiting for the end of what the run ${id} has left\n`));
    if (ended.length > 0) host.stderr.write(`mpctl: ${describeLeft(id, ended)}\n`);
  }
}
