import { findCommand } from '../processes/find-command.ts';
import type { CommandStart } from './command-start.ts';
import { givenDescriptors, givenDescriptorsAuth } from './given-descriptors.ts';
import { withFlags } from './with-flags.ts';

const { read, write } = givenDescriptors;

/** The first argument is the pipe, the rest is the command: no part of the script, and no variable that the command would see. */
const script = `exec ${String(read)}<>"$1" ${String(write)}<>"$1"; shift; exec "$@"`;

/**
 * The same command with both descriptors of a jobserver, which a shell opens by the path of the pipe before
 * it becomes the command. What cannot be executed stays as it is: its failure has words of its own.
 */
export function withDescriptors(start: CommandStart, pipe: string, flags: (auth: string) => string): CommandStart {
  const [command = ''] = start.argv;
  if (findCommand(command, start.cwd, start.environment()['PATH']).type !== 'executable') return start;
  return withFlags({ ...start, argv: ['/bin/sh', '-c', script, 'sh', pipe, ...start.argv] }, flags(givenDescriptorsAuth));
}
