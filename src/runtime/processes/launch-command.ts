import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { SocketSink } from './byte-sink.ts';
import { SocketSource } from './byte-source.ts';
import type { LaunchedProcess, LaunchOutcome } from './launched-process.ts';
import { explainStreamError, isTransient } from './spawn-failure.ts';
import type { WorkerExit } from './worker-exit.ts';
import type { OutputTarget, SpawnRequest, StdinSource } from './spawn-request.ts';
import type { SpawnThread, ThreadSpawn } from './spawn-thread.ts';
import { StreamSetup } from './stream-setup.ts';

/** How many named pipes the request needs. */
export function countFifos(request: SpawnRequest): number {
  return Number(isWritten(request.stdin)) + Number(isRead(request.stdout)) + Number(isRead(request.stderr));
}

/**
 * Starts the command in a session and process group of its own and says how that went: at once, in the
 * next turn when only then the system's answer is known, or when the request's thread has done it.
 * `fifos` are as many names as `countFifos` says, or null to use the pipes of Node.
 */
export function launchCommand(
  request: SpawnRequest,
  fifos: readonly string[] | null,
  done: (outcome: LaunchOutcome) => void,
): void {
  const streams = new StreamSetup(fifos);
  const [file = '', ...args] = request.argv;
  const { cwd, env, thread } = request;
  let child: ChildProcess;
  try {
    const stdio = [
      streams.input(request.stdin),
      streams.output('stdout', request.stdout),
      streams.output('stderr', request.stderr),
    ];
    const portable = stdio.filter((entry) => entry !== 'pipe');
    if (thread?.usable === true && portable.length === stdio.length) {
      launchBeside(thread, { file, args, cwd, env, stdio: portable }, streams, done);
      return;
    }
    child = spawn(file, args, { cwd, env, detached: true, stdio });
  } catch (error) {
    streams.closeTheirs();
    streams.closeOurs();
    const refused = streams.refusedFile;
    if (refused === null || isTransient(error)) done({ type: 'error', error });
    else done({ type: 'failure', failure: explainStreamError(error, refused.stream, refused.path) });
    return;
  }
  streams.closeTheirs();
  const { pid } = child;
  if (pid === undefined) {
    streams.closeOurs();
    child.once('error', (error) => done({ type: 'error', error }));
    return;
  }
  // Only failures of `kill` could still come this way, and signals are never sent through it.
  child.on('error', () => {});
  const onExit: LaunchedProcess['onExit'] = (callback) => {
    child.on('exit', (code, signal) => callback({ code, signal }));
  };
  done({ type: 'launched', launched: launched(pid, streams, child, onExit) });
}

/** No stream of a process that another thread starts is a pipe of Node. */
const noPipes = { stdin: null, stdout: null, stderr: null };

function launchBeside(thread: SpawnThread, order: ThreadSpawn, streams: StreamSetup, done: (outcome: LaunchOutcome) => void): void {
  let heardExit: ((exit: WorkerExit) => void) | null = null;
  const onExit: LaunchedProcess['onExit'] = (callback) => {
    heardExit = callback;
  };
  thread.spawn(order, {
    started: (pid) => {
      streams.closeTheirs();
      done({ type: 'launched', launched: launched(pid, streams, noPipes, onExit) });
    },
    failed: (error) => {
      streams.closeTheirs();
      streams.closeOurs();
      done({ type: 'error', error });
    },
    exited: (exit) => heardExit?.(exit),
  });
}

function launched(
  pid: number,
  streams: StreamSetup,
  pipes: Pick<ChildProcess, 'stdin' | 'stdout' | 'stderr'>,
  onExit: LaunchedProcess['onExit'],
): LaunchedProcess {
  const sourceOf = (name: 'stdout' | 'stderr', pipe: Readable | null): SocketSource | null => {
    const fd = streams.ours[name];
    if (fd !== null) return new SocketSource(new Socket({ fd, readable: true, writable: false }), fd);
    return pipe instanceof Socket ? new SocketSource(pipe, null) : null;
  };
  const sinkOf = (pipe: Writable | null): SocketSink | null => {
    const fd = streams.ours.stdin;
    if (fd !== null) return new SocketSink(new Socket({ fd, readable: false, writable: true }));
    return pipe instanceof Socket ? new SocketSink(pipe) : null;
  };
  return {
    pid,
    stdout: sourceOf('stdout', pipes.stdout),
    stderr: sourceOf('stderr', pipes.stderr),
    input: sinkOf(pipes.stdin),
    onExit,
  };
}

function isWritten(stdin: StdinSource): boolean {
  return stdin.type === 'lines';
}

function isRead(target: OutputTarget): boolean {
  return target.type === 'lines' || target.type === 'capture';
}
