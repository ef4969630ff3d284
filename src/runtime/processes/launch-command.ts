import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { SocketSink } from './byte-sink.ts';
import { SocketSource } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { FifoSource } from './fifo-source.ts';
import type { LaunchOutcome } from './launched-process.ts';
import { explainStreamError, isTransient } from './spawn-failure.ts';
import type { OutputTarget, SpawnRequest, StdinSource } from './spawn-request.ts';
import { StreamSetup } from './stream-setup.ts';

/** How many named pipes the request needs. */
export function countFifos(request: SpawnRequest): number {
  return Number(isWritten(request.stdin)) + Number(isRead(request.stdout)) + Number(isRead(request.stderr));
}

/**
 * Starts the command in a session and process group of its own and says how that went: at once, or
 * in the next turn when only then the system's answer is known. `fifos` are as many names as
 * `countFifos` says, or null to use the pipes of Node.
 */
export function launchCommand(
  request: SpawnRequest,
  fifos: readonly string[] | null,
  done: (outcome: LaunchOutcome) => void,
): void {
  const streams = new StreamSetup(fifos);
  let child: ChildProcess;
  try {
    const stdio: StdioOptions = [
      streams.input(request.stdin),
      streams.output('stdout', request.stdout),
      streams.output('stderr', request.stderr),
    ];
    const [file, ...args] = request.argv;
    child = spawn(file ?? '', args, { cwd: request.cwd, env: request.env, detached: true, stdio });
  } catch (error) {
    giveUp(streams, fifos, request);
    const file = streams.refusedFile;
    if (file === null || isTransient(error)) done({ type: 'error', error });
    else done({ type: 'failure', failure: explainStreamError(error, file.stream, file.path) });
    return;
  }
  const { pid } = child;
  if (pid === undefined) {
    giveUp(streams, fifos, request);
    child.once('error', (error) => done({ type: 'error', error }));
    return;
  }
  streams.closeTheirs();
  // Only failures of `kill` could still come this way, and signals are never sent through it.
  child.on('error', () => {});
  const sourceOf = (name: 'stdout' | 'stderr', pipe: Readable | null): ByteSource | null => {
    const ours = streams.ourOutputs[name];
    // At end of file no writer is left.
    if (ours !== null) return new FifoSource(ours.fd, (ended) => request.fifos.giveBack(ours.path, !ended));
    return pipe instanceof Socket ? new SocketSource(pipe) : null;
  };
  const sinkOf = (pipe: Writable | null): SocketSink | null => {
    const fd = streams.ourInput;
    if (fd !== null) return new SocketSink(new Socket({ fd, readable: false, writable: true }), fd);
    return pipe instanceof Socket ? new SocketSink(pipe, null) : null;
  };
  done({
    type: 'launched',
    launched: {
      pid,
      stdout: sourceOf('stdout', child.stdout),
      stderr: sourceOf('stderr', child.stderr),
      input: sinkOf(child.stdin),
      onExit: (callback) => {
        child.on('exit', (code, signal) => callback({ code, signal }));
      },
    },
  });
}

/** Nothing was started: closes both sides and keeps no pipe. */
function giveUp(streams: StreamSetup, fifos: readonly string[] | null, request: SpawnRequest): void {
  streams.closeTheirs();
  streams.closeOurs();
  for (const path of fifos ?? []) request.fifos.giveBack(path, false);
}

function isWritten(stdin: StdinSource): boolean {
  return stdin.type === 'lines';
}

function isRead(target: OutputTarget): boolean {
  return target.type === 'lines' || target.type === 'capture' || target.type === 'bytes';
}
