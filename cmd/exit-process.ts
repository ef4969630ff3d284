import { closeSync, fstatSync, statSync } from 'node:fs';
import { devNull } from 'node:os';

const standardStreams = [0, 1, 2] as const;

/**
 * Ends the process with a code, whatever has become of its terminal: at its end Node 20 gives terminals back as
 * it has found them, and aborts where one has been closed meanwhile (nodejs/node#58200).
 */
export function exitProcess(code: number): never {
  for (const descriptor of standardStreams) {
    try {
      if (mayBeTerminal(descriptor) && !process.getBuiltinModule('node:tty').isatty(descriptor)) closeSync(descriptor);
    } catch {
      // It is closed already.
    }
  }
  process.exit(code);
}

/** Of most commands in scripts none is: then nobody needs what deals with terminals, which takes two milliseconds to load. */
function mayBeTerminal(descriptor: number): boolean {
  const status = fstatSync(descriptor);
  return status.isCharacterDevice() && status.rdev !== statSync(devNull).rdev;
}
