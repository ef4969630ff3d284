import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { findCommand } from './find-command.ts';
import type { SpawnFailure } from './spawn-failure.ts';
import type { SpawnRequest } from './spawn-request.ts';

const magic = Buffer.from('\u007FELF', 'latin1');
/** Of a header of 64 bits, which ends with 64 bytes. */
const headerBytes = 64;
const programHeaderBytes = 56;
const wide = 2;
const loadableTypes: ReadonlySet<number> = new Set([2, 3]);
/** Where Linux lists who else runs programs of other machines, such as qemu, beside two files of its own. */
const handlersFolder = '/proc/sys/fs/binfmt_misc';

interface Head {
  readonly bytes: Buffer;
  readonly fileBytes: number;
}

/**
 * A command that begins as a program does and that the system will not load: damaged, or built for another
 * machine. It says ENOEXEC then, upon which execvp(3), and so Node and every shell, takes the file for a script
 * without a `#!` line and has a shell run what is in it. Null where nothing is known to be wrong.
 */
export function unloadableProgram({ argv, cwd, env }: Pick<SpawnRequest, 'argv' | 'cwd' | 'env'>): SpawnFailure | null {
  const found = findCommand(argv[0] ?? '', cwd, env['PATH']);
  const why = found.type === 'executable' ? whyUnloadable(found.path) : null;
  if (found.type !== 'executable' || why === null) return null;
  return { code: 'MP804', message: `the command \`${found.path}\` cannot be executed: ${why}`, hint: null, exitCode: 126 };
}

/** The same of one file, as a part of a sentence. */
export function whyUnloadable(path: string): string | null {
  const head = readHead(path);
  if (head === null || !head.bytes.subarray(0, magic.length).equals(magic)) return null;
  const { bytes, fileBytes } = head;
  if (bytes.length < headerBytes) return 'it is a program that was cut off';
  const own = readHead(process.execPath)?.bytes;
  // Of what is neither built as Node is, nor could be compared, only the system knows.
  if (own?.subarray(0, magic.length).equals(magic) !== true || own[4] !== wide || bytes[4] !== wide) return null;
  if (own[5] !== bytes[5] || !own.subarray(18, 20).equals(bytes.subarray(18, 20))) {
    return hasHandlers() ? null : 'it is a program for another kind of machine';
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isLittle = bytes[5] === 1;
  if (!loadableTypes.has(view.getUint16(16, isLittle))) return 'it is compiled, but is no program';
  const end = Number(view.getBigUint64(32, isLittle)) + view.getUint16(56, isLittle) * programHeaderBytes;
  const isWhole = view.getUint16(54, isLittle) === programHeaderBytes && view.getUint16(56, isLittle) > 0 && end <= fileBytes;
  return isWhole ? null : 'it is a program that is damaged';
}

function readHead(path: string): Head | null {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const bytes = Buffer.alloc(headerBytes);
    return { bytes: bytes.subarray(0, readSync(fd, bytes, 0, headerBytes, 0)), fileBytes: fstatSync(fd).size };
  } catch {
    // What may be executed and not read, for example.
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function hasHandlers(): boolean {
  try {
    return readdirSync(handlersFolder).some((name) => name !== 'register' && name !== 'status');
  } catch {
    return false;
  }
}
