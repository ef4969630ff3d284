import { hiddenRuns, runsHere } from './find-run.ts';
import { verbExitCodes } from './refusal.ts';
import type { Arguments, Verb, World } from './verb.ts';

/** Ends what killed runs of this folder have left, and says what that was. */
async function clean(_given: Arguments, world: World): Promise<number> {
  // Nothing else that a verb does needs it.
  const { describeLeft, endKilledRun } = await import('../../src/runtime/run-folder/end-killed-run.ts');
  const hidden = hiddenRuns(world);
  if (hidden !== null) world.complain(`these are not all of the runs: ${hidden}`);
  let isClean = true;
  let count = 0;
  for (const run of runsHere(world)) {
    if (run.alive || run.record.end !== null) continue;
    const { id } = run.record;
    const ended = await endKilledRun(run, world.environment, () => world.complain(`waiting for the end of what the run ${id} has left`));
    if (ended.length === 0) continue;
    count += 1;
    isClean &&= ended.every(({ alive }) => !alive);
    world.write(`${describeLeft(id, ended)}\n`);
  }
  if (count === 0) world.write('no run of this folder has left anything\n');
  return isClean ? verbExitCodes.yes : verbExitCodes.no;
}

/** Of mpctl itself, not of a run. */
export const cleanVerb: Verb = {
  name: 'clean',
  takes: '',
  summary: 'Ends the processes that killed runs of this folder have left, whose guardian was killed too; the next `mpctl run` does the same. Logs stay.',
  example: 'mpctl clean',
  words: [0, 0],
  flags: [],
  run: clean,
};
