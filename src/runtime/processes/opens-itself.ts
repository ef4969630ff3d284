import { findCommand } from './find-command.ts';
import { nameOfPipe } from './named-pipe.ts';
import type { OutputTarget, SpawnRequest, StdinSource } from './spawn-request.ts';

const nothing = { type: 'null' } as const;

/**
 * The same command, but where its files are named pipes it opens them itself, through a shell that waits as
 * long as that takes and then is the command: as if a shell had been called with these redirections.
 */
export function opensItself(request: SpawnRequest): SpawnRequest {
  const { stdin, stdout, stderr, argv } = request;
  const [from, to, errorsTo] = [pipeOf(stdin, 'read'), pipeOf(stdout, 'write'), pipeOf(stderr, 'write')];
  if (from === null && to === null && errorsTo === null) return request;
  const opened = {
    ...request,
    stdin: from === null ? stdin : nothing,
    stdout: to === null ? stdout : nothing,
    stderr: errorsTo === null ? stderr : nothing,
  };
  // What cannot be started is told as ever, and at once.
  if (findCommand(argv[0] ?? '', request.cwd, request.env['PATH']).type !== 'executable') return opened;
  const redirections = [redirection('<', from), redirection('>', to), redirection('2>', errorsTo)].join('');
  return { ...opened, argv: ['/bin/sh', '-c', `exec "$@"${redirections}`, 'sh', ...argv] };
}

function pipeOf(stream: StdinSource | OutputTarget, use: 'read' | 'write'): string | null {
  return stream.type === 'file' ? nameOfPipe(stream.file, use) : null;
}

function redirection(sign: string, path: string | null): string {
  return path === null ? '' : ` ${sign}'${path.replaceAll("'", `'\\''`)}'`;
}
