/**
 * The bundle of the verbs: what a shell script calls a thousand times. It loads nothing that it does not
 * need, and ends by itself when all is done.
 */
import { writeSync } from 'node:fs';
import { systemErrorCode } from '../../src/runtime/system-error-code.ts';
import { systemErrorText } from '../../src/runtime/system-error-text.ts';
import { askDoor } from './ask-door.ts';
import { verbExitCodes } from './refusal.ts';
import { runVerb } from './run-verb.ts';
import { workingFolder } from '../working-folder.ts';

function complain(line: string): void {
  try {
    writeSync(2, `mpctl: ${line.replaceAll('\n', ' ')}\n`);
  } catch {
    // Nobody reads it any more.
  }
}

let isOutputLost = false;

/** Where the reader has gone away that is his right; what else keeps output from him is said, once. */
function onOutputError(error: Error): void {
  if (isOutputLost || systemErrorCode(error) === 'EPIPE') return;
  isOutputLost = true;
  complain(`standard output could not be written: ${systemErrorText(error)}`);
  process.exitCode = verbExitCodes.broken;
}

// Should the event loop ever run empty before the verb has answered, nothing says that it has succeeded.
process.exitCode = verbExitCodes.bug;
const call = runVerb(process.argv.slice(2), {
  environment: process.env,
  // Within a run a verb needs none.
  workingDir: workingFolder() ?? '/',
  ask: askDoor(process.env),
  write: (text) => {
    process.stdout.on('error', onOutputError).write(text);
  },
  print: async (bytes) =>
    new Promise((resolve) => {
      // The listener of one that has been written is taken off again: a log is written in many pieces.
      const { stdout } = process;
      const onError = (error: Error): void => {
        onOutputError(error);
        resolve(false);
      };
      stdout.on('error', onError).write(bytes, (error) => {
        if (error) return;
        stdout.off('error', onError);
        resolve(true);
      });
    }),
  complain,
  input: () => process.stdin.setEncoding('utf8'),
});
call.then(
  (exitCode) => {
    if (!isOutputLost) process.exitCode = exitCode;
  },
  (error: unknown) => {
    complain(`a bug in mpctl: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  },
);
