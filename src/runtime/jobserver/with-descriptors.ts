import { findCommand } from '../processes/find-command.ts';
import type { CommandStart } from './command-start.ts';

/** A shell knows one digit for a descriptor; low ones are taken by others. */
const read = 8;
const write = 9;

/** The first argument is the pipe, the rest is the command: no part of the script, and no variable that the command would see. */
const script = `exec ${String(read)}<>"$1" ${String(write)}<>"$1"; shift; exec "$@"`;

/**
 * The same command with both descriptors of a jobserver, which a shell opens by the path of the pipe before
 * it becomes the command. What cannot be executed stays as it is: its failure has words of its own.
 */
export function withDescriptors(start: CommandStart, pipe: string, flags: (auth: string) => string): CommandStart {
  const { argv, env, cwd } = start;
  const [command = ''] = argv;
  if (findCommand(command, cwd, env['PATH']).type !== 'executable') return start;
  return {
    cwd,
    argv: ['/bin/sh', '-c', script, 'sh', pipe, ...argv],
    env: { ...env, MAKEFLAGS: flags(`${String(read)},${String(write)}`) },
  };
}
