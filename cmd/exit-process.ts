import { closeSync, fstatSync } from 'node:fs';
import { isatty } from 'node:tty';

const standardStreams = [0, 1, 2] as const;

/**
 * Ends the process with a code, whatever has become of its terminal: at its end Node 20 gives terminals back as
 * it has found them, and aborts where one has been closed meanwhile (nodejs/node#58200).
 */
export function exitProcess(code: number): never {
  for (const descriptor of standardStreams) {
    try {
      if (fstatSync(descriptor).isCharacterDevice() && !isatty(descriptor)) closeSync(descriptor);
    } catch {
      // It is closed already.
    }
  }
  process.exit(code);
}
