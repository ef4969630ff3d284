import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { DiagnosticCode } from '../../diagnostics/catalogue.ts';
import { notWritableText } from '../not-writable-text.ts';
import { systemErrorCode } from '../system-error-code.ts';
import { systemErrorText } from '../system-error-text.ts';
import { findCommand } from './find-command.ts';
import type { SpawnRequest } from './spawn-request.ts';

/** Why a command was never started. */
export interface SpawnFailure {
  readonly code: DiagnosticCode;
  /** One sentence without a final period. */
  readonly message: string;
  readonly hint: string | null;
  /** As a shell would have it: 127 when the command does not exist, 126 when it cannot be executed. */
  readonly exitCode: 126 | 127;
}

/** What of a request has to do with its failure. */
type FailedStart = Pick<SpawnRequest, 'argv' | 'cwd' | 'env'>;

/** Whether the same start may succeed a moment later: the system was short of something. */
export function isTransient(error: unknown): boolean {
  const code = systemErrorCode(error);
  // ETXTBSY: the file is still being written, by whoever builds it.
  return code !== null && ['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM', 'ETXTBSY'].includes(code);
}

/**
 * Tells what stands behind the error of a start. The system says ENOENT for a missing command, a
 * missing working directory and a missing interpreter alike, so the file system is asked again.
 */
export function explainSpawnError(error: unknown, request: FailedStart): SpawnFailure {
  const code = systemErrorCode(error);
  const command = request.argv[0] ?? '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EACCES':
      return explainFile(code, command, request);
    case 'E2BIG':
      return {
        code: 'MP805',
        message: `the arguments and the environment of \`${command}\` are too long for the system`,
        hint: 'pass the data through `stdin` or a file; on Linux one argument holds at most 128 KiB',
        exitCode: 126,
      };
    case 'ERR_INVALID_ARG_VALUE':
      return {
        code: 'MP806',
        message:
          command === ''
            ? 'the command is empty'
            : `the command, an argument or a variable of \`${command}\` contains a NUL character`,
        hint: command === '' ? 'write the name or the path of a program' : 'pass such data through `stdin` or a file',
        exitCode: 126,
      };
    case 'EAGAIN':
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOMEM':
    case 'ETXTBSY':
      return {
        code: shortages[code].code,
        message: `\`${command}\` could not be started: ${shortages[code].what} (${code}), after several attempts`,
        hint: shortages[code].hint,
        exitCode: 126,
      };
    default:
      return {
        code: 'MP810',
        message: `\`${command}\` could not be started: ${error instanceof Error ? error.message : String(error)}`,
        hint: null,
        exitCode: 126,
      };
  }
}

/** A file named under `stdin`, `stdout` or `stderr` that cannot be opened. */
export function explainStreamError(error: unknown, stream: 'stdin' | 'stdout' | 'stderr', file: string): SpawnFailure {
  const reason = stream === 'stdin' ? systemErrorText(error) : notWritableText(file, error);
  return {
    code: 'MP808',
    message: `the file \`${file}\` for \`${stream}\` cannot be opened: ${reason}`,
    hint: null,
    exitCode: 126,
  };
}

const fewer = 'start fewer at once with `max_parallel`';
const shortages = {
  EAGAIN: { code: 'MP811', what: 'there are too many processes', hint: `${fewer}, or raise the limit (\`ulimit -u\` shows it)` },
  EMFILE: { code: 'MP807', what: 'too many files are open in mpctl', hint: `${fewer}, or raise the limit (\`ulimit -n\` shows it)` },
  ENFILE: { code: 'MP807', what: 'too many files are open in the system', hint: fewer },
  ENOMEM: { code: 'MP812', what: 'there is not enough memory', hint: fewer },
  ETXTBSY: { code: 'MP813', what: 'its file is still being written', hint: 'depend on whoever writes it' },
} as const;

function explainFile(code: 'ENOENT' | 'ENOTDIR' | 'EACCES', command: string, request: FailedStart): SpawnFailure {
  const workingDir = explainWorkingDir(request.cwd);
  if (workingDir !== null) return workingDir;
  const found = findCommand(command, request.cwd, request.env['PATH']);
  if (found.type === 'missing') {
    const named = command.includes('/');
    return {
      code: 'MP801',
      message: named
        ? `the command \`${command}\` does not exist`
        : `the command \`${command}\` was not found in \`PATH\``,
      hint: named
        ? `relative paths begin at the working directory \`${request.cwd}\``
        : 'install it, or write its path; a command with shell syntax must be one string, not a list',
      exitCode: 127,
    };
  }
  if (found.type === 'not_executable' || code === 'EACCES') {
    const directory = found.type === 'not_executable' && found.why === 'directory';
    return {
      code: 'MP804',
      message: directory
        ? `the command \`${found.path}\` is a directory`
        : `the command \`${found.path}\` may not be executed`,
      hint: directory ? null : `chmod +x ${found.path}`,
      exitCode: 126,
    };
  }
  const interpreter = readInterpreter(found.path);
  return {
    code: 'MP803',
    message:
      interpreter === null
        ? `the loader that \`${found.path}\` was built for does not exist here`
        : `the interpreter \`${interpreter.trimEnd()}\` of \`${found.path}\` does not exist`,
    hint: interpreter?.endsWith('\r') === true ? 'its first line ends in CR LF; save it with LF' : null,
    exitCode: 127,
  };
}

function explainWorkingDir(cwd: string): SpawnFailure | null {
  try {
    if (statSync(cwd).isDirectory()) return null;
    return { code: 'MP802', message: `the working directory \`${cwd}\` is not a directory`, hint: null, exitCode: 126 };
  } catch (error) {
    const reason = systemErrorCode(error) === 'EACCES' ? 'may not be entered' : 'does not exist';
    const hint = reason === 'does not exist' ? `mkdir -p ${cwd}` : null;
    return { code: 'MP802', message: `the working directory \`${cwd}\` ${reason}`, hint, exitCode: 126 };
  }
}

/** The file named in a `#!` line; null for a binary or what cannot be read. */
export function readInterpreter(path: string): string | null {
  let fd: number | null = null;
  try {
    fd = openSync(path, 'r');
    const head = Buffer.alloc(256);
    const text = head.toString('utf8', 0, readSync(fd, head, 0, head.length, 0));
    return /^#![ \t]*([^ \t\n]+)/.exec(text)?.[1] ?? null;
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
