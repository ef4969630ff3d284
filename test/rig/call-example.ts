import { cpSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ExampleCall } from '../../cmd/example-folder.ts';
import { InvariantError } from '../../src/base/invariant.ts';
import { callMain } from './call-main.ts';
import { maskOutput } from './mask-output.ts';
import { startCli } from './run-cli.ts';
import { tempFolder } from './temp-folder.ts';

/** What a call of an example printed, standard output first, and how it ended. */
export interface ExampleOutcome {
  readonly output: string;
  /** null when a signal ended it. */
  readonly exitCode: number | null;
}

/**
 * Makes the call of an example in a copy of its folder. `run`, and what writes to a file, is a process of
 * its own, and its times and ids are masked; everything else is called within the test process.
 */
export async function callExample(folder: string, call: ExampleCall): Promise<ExampleOutcome> {
  // Always there, so that a path reads the same everywhere but for the name of the folder itself.
  const cwd = tempFolder({}, '/tmp');
  cpSync(folder, cwd, { recursive: true });
  for (const { argv, files, until } of call.before ?? []) {
    writeFiles(cwd, files);
    const run = await startCli(argv, { cwd });
    if (until === undefined) await run.result;
    else await run.waitUntil(({ stdout }) => stdout.includes(until), until);
  }
  cpSync(folder, cwd, { recursive: true });
  writeFiles(cwd, call.files);
  for (const [name, target] of Object.entries(call.links ?? {})) symlinkSync(target, path.join(cwd, name));

  const environment = call.environment ?? {};
  const runs = ['run', 'resume'].includes(call.argv[0] ?? '') && call.platform === undefined && call.removedFolder === undefined;
  if (runs || call.stdout !== undefined) {
    // The ids of runs are not known before: this one stands for the first that there is.
    const argv = call.argv.map((word) => (word === '<id>' ? (runsIn(cwd)[0] ?? word) : word));
    const run = await startCli(argv, { cwd, environment, prefix: call.prefix ?? [], stdoutFile: call.stdout ?? null });
    const { unreadUntil } = call;
    if (unreadUntil !== undefined) {
      run.readOutput(false);
      await run.waitUntil(({ stderr }) => stderr.includes(unreadUntil), unreadUntil);
      run.readOutput(true);
    }
    const { stdout, stderr, exitCode } = await run.result;
    return { output: maskOutput(`${unreadUntil === undefined ? stdout : ''}${stderr}`, idsIn(cwd)), exitCode };
  }
  const { stdout, stderr, exit } = await callMain(call.argv, {
    cwd,
    environment,
    ...(call.platform === undefined ? {} : { platform: call.platform }),
    host: {
      ...(call.bug === undefined ? {} : { readStandardInput: () => failWith(call.bug ?? '') }),
      ...(call.removedFolder === undefined ? {} : { hasWorkingDir: false }),
    },
  });
  return { output: `${stdout}${stderr}`, exitCode: exit.type === 'code' ? exit.code : null };
}

function writeFiles(cwd: string, files: Readonly<Record<string, string>> = {}): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), text);
  }
}

/** The ids in what a run in this folder prints: the name of the folder and those of its runs. */
function idsIn(folder: string): readonly string[] {
  return [path.basename(folder), ...runsIn(folder)];
}

/** The ids of its runs, oldest first. */
function runsIn(folder: string): readonly string[] {
  const own = path.join(folder, '.mpctl');
  // Where no run folder can be made, a file stands in its place.
  const hasRuns = statSync(own, { throwIfNoEntry: false })?.isDirectory() === true;
  return hasRuns ? readdirSync(path.join(own, 'runs')).toSorted() : [];
}

/** The stack of a real bug changes with every edit of the sources. */
function failWith(message: string): never {
  const error = new InvariantError(message);
  error.stack = `${error.name}: ${message}\n    at takeItem (src/sync/queue.ts:12:34)`;
  throw error;
}
