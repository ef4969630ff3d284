import type * as Terminal from '@lydell/node-pty';
import type { IPty } from '@lydell/node-pty';
import { constants } from 'node:os';
import { err, ok } from '../../base/result.ts';
import type { Result } from '../../base/result.ts';
import { systemErrorCode } from '../system-error-code.ts';
import { findCommand } from './find-command.ts';
import type { LaunchOutcome } from './launched-process.ts';
import type { SpawnFailure } from './spawn-failure.ts';
import type { SpawnRequest } from './spawn-request.ts';
import type { WorkerExit } from './spawn-listener.ts';
import { TerminalSink } from './terminal-sink.ts';
import { TerminalSource } from './terminal-source.ts';

type Terminals = typeof Terminal;

/** Loads the native module that makes pseudo-terminals; nothing else needs it. */
export async function loadTerminals(): Promise<Result<Terminals, SpawnFailure>> {
  try {
    return ok(await import('@lydell/node-pty'));
  } catch (error) {
    return err(explainUnavailable(error));
  }
}

/**
 * Starts the command on a pseudo-terminal of its own, as large as ours and kept so.
 *
 * A program that closes all three streams before it exits may be seen to end by SIGHUP: node-pty hangs
 * the terminal up as soon as nobody has it open.
 */
export function launchTerminal(terminals: Terminals, request: SpawnRequest): LaunchOutcome {
  // A failure of exec behind a pseudo-terminal shows only as text on it, so it is found out before.
  const refusal = refuse(request);
  if (refusal !== null) return { type: 'error', error: refusal };
  const [file = '', ...args] = request.argv;
  let terminal: IPty;
  try {
    terminal = terminals.spawn(file, args, {
      name: request.env['TERM'] ?? 'xterm-256color',
      cols: process.stdout.columns ?? 80,
      rows: process.stdout.rows ?? 24,
      cwd: request.cwd,
      env: { ...request.env },
      encoding: null,
    });
  } catch (error) {
    return { type: 'failure', failure: explainUnavailable(error) };
  }
  const resize = (): void => terminal.resize(process.stdout.columns, process.stdout.rows);
  followSize(resize);
  const source = new TerminalSource(terminal);
  return {
    type: 'launched',
    launched: {
      pid: terminal.pid,
      stdout: source,
      stderr: null,
      input: new TerminalSink(terminal, request.stdin.type),
      onExit: (callback) => {
        terminal.onExit(({ exitCode, signal }) => {
          unfollowSize(resize);
          callback(workerExit(exitCode, signal));
          source.ended();
        });
      },
    },
  };
}

/** One listener for all terminals, however many there are; the size is a thing of the whole process. */
const followers = new Set<() => void>();

function tellFollowers(): void {
  for (const follow of followers) follow();
}

function followSize(resize: () => void): void {
  if (followers.size === 0) process.stdout.on('resize', tellFollowers);
  followers.add(resize);
}

function unfollowSize(resize: () => void): void {
  followers.delete(resize);
  if (followers.size === 0) process.stdout.off('resize', tellFollowers);
}

function refuse(request: SpawnRequest): Error | null {
  const command = request.argv[0] ?? '';
  const found = findCommand(command, request.cwd, request.env['PATH']);
  if (request.argv.some((argument) => argument.includes('\0'))) {
    return Object.assign(new Error('NUL character'), { code: 'ERR_INVALID_ARG_VALUE' });
  }
  if (findCommand('.', request.cwd, undefined).type === 'missing' || found.type === 'missing') {
    return Object.assign(new Error('missing'), { code: 'ENOENT' });
  }
  if (found.type === 'not_executable') return Object.assign(new Error('not executable'), { code: 'EACCES' });
  return null;
}

/** What `import` and `require` say: in the sources it is loaded by the first, and in the bundle that is shipped by the second. */
const notFound: ReadonlySet<string> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

function explainUnavailable(error: unknown): SpawnFailure {
  const missing = notFound.has(systemErrorCode(error) ?? '');
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'MP809',
    message: missing
      ? '`tty: true` needs the package `@lydell/node-pty`, which is not installed'
      : `a pseudo-terminal cannot be had: ${reason}`,
    hint: missing ? 'npm install @lydell/node-pty' : 'remove `tty: true`',
    exitCode: 126,
  };
}

function workerExit(exitCode: number, signal: number | undefined): WorkerExit {
  if (signal === undefined || signal === 0) return { code: exitCode, signal: null };
  for (const [name, number] of Object.entries(constants.signals)) {
    if (number === signal && isSignal(name)) return { code: null, signal: name };
  }
  return { code: 128 + signal, signal: null };
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}
