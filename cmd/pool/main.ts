/**
 * The bundle of `mpctl pool -- COMMAND`: what stands in a pipeline of a shell. It loads nothing of what reads
 * a spec, and ends the process as `runPool` says.
 */
import { writeSync } from 'node:fs';
import { exitCodes } from '../../src/base/exit-codes.ts';
import { dieOf } from '../die-of.ts';
import type { Exit } from '../exit.ts';
import { exitProcess } from '../exit-process.ts';
import { runPool } from './run-pool.ts';

function complain(line: string): void {
  try {
    writeSync(2, `mpctl: ${line.replaceAll('\n', ' ')}\n`);
  } catch {
    // Nobody reads it any more.
  }
}

function definedVariables(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

async function end(exit: Exit): Promise<void> {
  if (exit.type === 'signal') await dieOf(exit.signal);
  else exitProcess(exit.code);
}

function endOfBug(error: unknown): void {
  complain(`a bug in mpctl: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  exitProcess(exitCodes.bug);
}

// Should the event loop ever run empty before all jobs have ended, nothing says that they have succeeded.
process.exitCode = exitCodes.bug;
process.on('uncaughtException', endOfBug);
const [first, ...words] = process.argv.slice(2);
runPool(first === 'help' ? ['--help'] : words, {
  environment: definedVariables(),
  complain,
  print: (text) => {
    writeSync(1, text);
  },
}).then(end, endOfBug);
