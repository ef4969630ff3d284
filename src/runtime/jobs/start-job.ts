import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { groupIsAlive } from '../processes/group-looks.ts';
import { signalGroup } from '../processes/process-table.ts';
import { explainSpawnError, isTransient } from '../processes/spawn-failure.ts';
import { argvOf } from './byte-words.ts';
import type { JobStreams } from './job-streams.ts';

/** A command, and where its output goes. */
export interface JobOrder {
  /** Binary strings. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly workingDir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Of which it gets files. */
  readonly streams: JobStreams;
  /** What it has open from descriptor 3 on. */
  readonly descriptors: readonly ('ignore' | number)[];
}

/** How it ended; `failure` says why it was never started. */
export interface JobExit {
  readonly exitCode: number;
  /** 0 for none. */
  readonly signal: number;
  readonly failure: string | null;
}

/** The process group that a job runs in. */
export interface JobGroup {
  readonly pid: number;
  signal: (signal: NodeJS.Signals) => void;
  /** Once the job has ended: whether it has left somebody behind. */
  isAlive: () => boolean;
  /** To be called when nothing of it is left. */
  onGone: () => void;
}

/** What is told of it. */
export interface JobListener {
  readonly onStart: (group: JobGroup) => void;
  /** Once, whether it was started or not. */
  readonly onEnd: (exit: JobExit) => void;
}

/** What the system is short of comes back when others end; so often, and so long apart, it is tried. */
const mostTries = 100;
const retryMs = 50;

/** As a shell has it for what it has found and cannot execute. */
const cannotExecute = 126;

/** Starts the command with an empty input, in a session and process group of its own. */
export function startJob(order: JobOrder, listener: JobListener): void {
  if (order.argv.some((word) => word.includes('\0'))) {
    listener.onEnd({ exitCode: cannotExecute, signal: 0, failure: 'an argument cannot have a NUL byte (`-0` ends items there)' });
    return;
  }
  tryToStart(order, argvOf(order.argv), listener, 1);
}

function tryToStart(order: JobOrder, argv: readonly string[], listener: JobListener, tries: number): void {
  const files: number[] = [];
  const fail = (error: unknown): void => {
    if (isTransient(error) && tries < mostTries) {
      setTimeout(() => tryToStart(order, argv, listener, tries + 1), retryMs);
      return;
    }
    const { message, exitCode } = explainSpawnError(error, { argv, cwd: order.workingDir, env: order.environment });
    listener.onEnd({ exitCode, signal: 0, failure: message });
  };
  try {
    for (const stream of [order.streams.stdout, order.streams.stderr]) files.push(stream.openFile());
    const [program = '', ...args] = argv;
    const child = spawn(program, args, {
      cwd: order.workingDir,
      env: order.environment,
      detached: true,
      stdio: ['ignore', files[0], files[1], ...order.descriptors],
    });
    const { pid } = child;
    if (pid === undefined) {
      child.once('error', fail);
      return;
    }
    child.on('error', () => {});
    listener.onStart({ pid, signal: (signal) => signalGroup(pid, signal), isAlive: () => groupIsAlive(pid), onGone: () => {} });
    child.on('exit', (code, signal) => listener.onEnd(jobExitOf(code, signal)));
  } catch (error) {
    fail(error);
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** An exit as Node has it. */
export function jobExitOf(code: number | null, signal: NodeJS.Signals | null): JobExit {
  return { exitCode: code ?? 0, signal: signal === null ? 0 : constants.signals[signal], failure: null };
}
