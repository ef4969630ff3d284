import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { systemErrorText } from '../system-error-text.ts';

/** sockaddr_un holds 104 bytes on macOS and 108 on Linux, the final NUL included. */
export const maxPathBytes = 103;

/**
 * Where the socket of a run may be, best first: in the run folder, which is private, or where its path
 * is too long for a socket, in a private folder of the user's.
 */
export function socketPlaces(
  runFolder: string,
  runId: string,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const inRunFolder = join(runFolder, 'door');
  const base = environment['XDG_RUNTIME_DIR'];
  const folders = [base !== undefined && isAbsolute(base) ? base : null, tmpdir()].filter((folder) => folder !== null);
  // The last part of the id is what is random in it.
  const name = `${runId.slice(runId.lastIndexOf('-') + 1)}.sock`;
  const owner = String(process.getuid?.() ?? 0);
  return [inRunFolder, ...folders.map((folder) => join(folder, `mpctl-${owner}`, name))].filter(
    (path) => Buffer.byteLength(path) <= maxPathBytes,
  );
}

/** Makes the folder of a socket, unless it is there; says what is wrong with it where it is not the user's own and private. */
export function faultOfPlace(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const status = lstatSync(folder);
    if (!status.isDirectory()) return 'is a link';
    if (status.uid !== process.getuid?.()) return 'belongs to another user';
    return (status.mode & 0o077) === 0 ? null : 'is open to other users';
  } catch (error) {
    return `cannot be made: ${systemErrorText(error)}`;
  }
}
