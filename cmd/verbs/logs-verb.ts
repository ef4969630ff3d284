import { didYouMean } from '../../src/base/did-you-mean.ts';
import type { FoundRun } from '../../src/runtime/run-folder/run-record.ts';
import { pastRun } from './find-run.ts';
import { LogFile } from './log-file.ts';
import { LogLines } from './log-lines.ts';
import { UsageProblem, verbExitCodes } from './refusal.ts';
import { RunWatch } from './run-watch.ts';
import { wholeOf } from './values.ts';
import type { Arguments, Verb, World } from './verb.ts';

/** One log that is shown. */
interface Shown {
  readonly file: LogFile;
  readonly lines: LogLines;
}

async function logs(given: Arguments, world: World): Promise<number> {
  const run = pastRun(given, world);
  const instances = instancesMeant(given.words, run);
  const last = wholeOf('`--lines`', given.values.get('--lines'), 0);
  const watch = given.switches.has('--follow') ? openWatch(run, world) : null;
  if (watch === undefined) return verbExitCodes.broken;
  const shown = new Map<string, Shown>();
  for (const instance of instances) {
    shown.set(`${instance}.log`, { file: new LogFile(run.folder, instance), lines: new LogLines(instances.length > 1 ? instance : null) });
  }
  if (last !== undefined) for (const { file } of shown.values()) file.skipToLast(last);
  await showAll(shown, watch, world);
  for (const { file } of shown.values()) file.close();
  watch?.close();
  return verbExitCodes.yes;
}

/** Shows what is there, and with a watch what comes, until the run is over or nobody reads any more. */
async function showAll(shown: ReadonlyMap<string, Shown>, watch: RunWatch | null, world: World): Promise<void> {
  let changed: Iterable<string> = shown.keys();
  for (;;) {
    // Asked before it is read: what was written before the end is read after it.
    const isLast = watch === null || watch.isOver;
    for (const name of isLast ? shown.keys() : changed) {
      const log = shown.get(name);
      if (log !== undefined && !(await show(log, isLast, world))) return;
    }
    if (isLast) return;
    await watch.next();
    changed = new Set([...watch.takeChanged()].map((file) => file.replace(/\.\d+$/u, '')));
  }
}

/** False where nobody reads any more. */
async function show({ file, lines }: Shown, isLast: boolean, { print }: World): Promise<boolean> {
  for (const bytes of file.unread()) {
    if (!(await print(lines.push(bytes)))) return false;
  }
  return isLast ? print(lines.end()) : true;
}

/** undefined, and said, where the system cannot tell of changes. */
function openWatch(run: FoundRun, world: World): RunWatch | undefined {
  try {
    return new RunWatch(run);
  } catch (error) {
    world.complain(`the logs cannot be followed: ${error instanceof Error ? error.message : String(error)} (without \`--follow\` they are shown as they are)`);
    return undefined;
  }
}

/** The instances that are named, by themselves or by their process or pool; all of them where none is. */
function instancesMeant(words: readonly string[], { record: { members } }: FoundRun): readonly string[] {
  const all = Object.values(members).flat();
  if (words.length === 0) return all;
  const meant = words.flatMap((word) => {
    if (Object.hasOwn(members, word)) return members[word] ?? [];
    if (all.includes(word)) return [word];
    const near = didYouMean(word, [...Object.keys(members), ...all]);
    const hint = near === null ? `it has ${Object.keys(members).join(', ')}` : `did you mean \`${near}\`?`;
    throw new UsageProblem(`the run has no process and no pool \`${word}\``, hint);
  });
  return [...new Set(meant)];
}

/** `mpctl logs`. */
export const logsVerb: Verb = {
  name: 'logs',
  takes: '[NAME…]',
  summary: 'Prints what the processes of a run have written, each line behind its `[name]` where there are several; of the run that goes on, or else of the last one.',
  example: 'mpctl logs server --follow',
  words: [0, Infinity],
  flags: ['--follow', '--lines', '--run'],
  run: logs,
};
