import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ExampleExpectation } from './example-expectation.ts';
import { type CliResult, startCli } from './run-cli.ts';
import { tempFolder } from './temp-folder.ts';

/** An example after its end. */
export interface ExampleRun {
  readonly result: CliResult;
  readonly runId: string;
  /** Name and text of each expected file. */
  readonly files: readonly (readonly [name: string, text: string])[];
  /** The lines of each file that is expected in blocks. */
  readonly written: Readonly<Record<string, readonly string[]>>;
}

/** Runs a copy of an example to its end, without a terminal, and interrupts it where that is expected. */
export async function runExample(folder: string, expectation: ExampleExpectation): Promise<ExampleRun> {
  const cwd = tempFolder();
  cpSync(folder, cwd, { recursive: true, filter: (source) => path.basename(source) !== '.mpctl' });
  const run = await startCli(['run', '--output', 'prefixed', '--no-color'], { cwd });
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
    files: expectation.files.map((name) => [name, readFileSync(path.join(cwd, name), 'utf8')]),
    written: Object.fromEntries(
      Object.keys(expectation.blocks).map((name) => [name, readFileSync(path.join(cwd, name), 'utf8').split('\n').slice(0, -1)]),
    ),
  };
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
}
