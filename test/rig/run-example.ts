import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { ExampleExpectation } from './example-expectation.ts';
import { type CliResult, startCli } from './run-cli.ts';
import { tempFolder } from './temp-folder.ts';

/** An example after its end. */
export interface ExampleRun {
  readonly result: CliResult;
  readonly runId: string;
  /** From before its start until after its end. */
  readonly span: readonly [from: Date, to: Date];
  /** Name and text of each expected file. */
  readonly files: readonly (readonly [name: string, text: string])[];
  /** The lines of each file that is expected in blocks. */
  readonly written: Readonly<Record<string, readonly string[]>>;
}

/** Runs a copy of an example to its end, without a terminal, and interrupts it where that is expected. */
export async function runExample(folder: string, expectation: ExampleExpectation): Promise<ExampleRun> {
  const cwd = tempFolder();
  cpSync(folder, cwd, { recursive: true, filter: (source) => path.basename(source) !== '.mpctl' });
  // Whole seconds, since that is what `date` prints.
  const from = new Date(Math.floor(Date.now() / 1000) * 1000);
  const run = await startCli(['run', '--output', 'prefixed', '--no-color'], {
    cwd,
    environment: { PATH: `${folderOfMpctl()}:${process.env['PATH'] ?? ''}`, TZ: 'UTC', LC_ALL: 'C' },
    prefix: expectation.oneProcessor ? ['taskset', '--cpu-list', firstProcessor()] : [],
  });
  const { interrupt } = expectation;
  if (interrupt !== undefined) {
    for (const text of interrupt.after) {
      await run.waitForOutput(new RegExp(escape(text), 'u'), text.startsWith('mpctl: ') ? 'stderr' : 'stdout');
    }
    run.kill(interrupt.signal);
  }
  const result = await run.result;
  const runs = readdirSync(path.join(cwd, '.mpctl', 'runs')).filter((name) => !name.startsWith('.'));
  if (runs[0] === undefined || runs.length > 1) throw new Error(`one run folder was expected, not ${runs.join(', ')}`);
  return {
    result,
    runId: runs[0],
    span: [from, new Date()],
    files: expectation.files.map((name) => [name, readFileSync(path.join(cwd, name), 'utf8')]),
    written: Object.fromEntries(
      Object.keys(expectation.blocks).map((name) => [name, readFileSync(path.join(cwd, name), 'utf8').split('\n').slice(0, -1)]),
    ),
  };
}

/** A folder for PATH with the built `mpctl`, whose verbs are not in the bundle of the command line. */
function folderOfMpctl(): string {
  const folder = tempFolder();
  symlinkSync(path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs'), path.join(folder, 'mpctl'));
  return folder;
}

/** One that this process may run on, which is not always the first of the machine. */
function firstProcessor(): string {
  const { first = '' } = /^Cpus_allowed_list:\s*(?<first>\d+)/mu.exec(readFileSync('/proc/self/status', 'utf8'))?.groups ?? {};
  return first;
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
}
