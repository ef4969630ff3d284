/*
 * What all processes of a running command are at, for the search for deadlocks. Linux tells of each
 * thread which system call it sleeps in; elsewhere only the processes are known, and what they say of
 * themselves. Whatever cannot be read counts as computing.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import type { SeenProcess, SeenWaiter, ThreadWait } from '../../engine/seen-program.ts';
import { listProcesses, type ProcessEntry, readProcFile } from './process-table.ts';
import { readSystemCall, type WaitingCall } from './system-call.ts';

/** Whose processes are looked at. */
export interface LookedAt {
  /** The process that mpctl has started, which leads a group. */
  readonly leader: number;
  readonly instance: string;
  readonly runId: string;
  /** Who has said that it waits for the run. */
  readonly waiters: readonly SeenWaiter[];
}

/**
 * In the masks of proc(5), where signal 1 is the lowest bit: SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2 and those
 * above the two that threads are ended with. Whoever catches one of them may have set a clock, or is to be told something.
 */
const expectedSignals = [10, 12, 14, 26, 27];
const expectedMask = expectedSignals.reduce((mask, signal) => mask | (1n << BigInt(signal - 1)), ~0n << 33n);
/** What waits for its children by waiting for any signal. */
const shells: ReadonlySet<string> = new Set(['ash', 'bash', 'busybox', 'dash', 'ksh', 'mksh', 'sh', 'zsh']);

/** Every living process of the program. */
export function lookAtProgram(looked: LookedAt): readonly SeenProcess[] {
  const processes = processesOf(looked);
  if (process.platform !== 'linux') return processes.map(({ pid, startTime }) => ({ pid, mark: startTime, threads: null }));
  const whole = new Set(looked.waiters.filter(({ threads }) => threads === null).map(({ pid }) => pid));
  const runners = new Set(processes.filter(({ pid, parentPid }) => variableOf(pid, 'MPCTL_HOLDER_PID') === String(parentPid)).map(({ parentPid }) => parentPid));
  const pipes = new Pipes(new Set(processes.map(({ pid }) => pid)));
  return processes.map(({ pid, startTime }) => {
    // Verbs say for themselves that they do nothing but wait, though the interpreter has threads of its own.
    if (whole.has(pid)) return { pid, mark: startTime, threads: null };
    if (runners.has(pid)) return { pid, mark: startTime, threads: ['own'] };
    const threads = listNumbers(`/proc/${pid}/task`);
    const switches = threads.map((thread) => switchesOf(pid, thread));
    return { pid, mark: [startTime, ...switches].join(' '), threads: waitsOf(pid, threads, pipes) };
  });
}

/** The group, the descendants of its leader, and what has left both with the environment of the instance. */
function processesOf({ leader, instance, runId }: LookedAt): readonly ProcessEntry[] {
  const living = listProcesses().filter(({ state }) => state !== 'Z' && state !== 'X');
  const ours = new Set(living.filter(({ pid, group }) => pid === leader || group === leader).map(({ pid }) => pid));
  for (const { pid } of living) if (!ours.has(pid) && isMarked(pid, instance, runId)) ours.add(pid);
  for (let grew = true; grew; ) {
    const before = ours.size;
    for (const { pid, parentPid } of living) if (ours.has(parentPid)) ours.add(pid);
    grew = ours.size > before;
  }
  return living.filter(({ pid }) => ours.has(pid));
}

function isMarked(pid: number, instance: string, runId: string): boolean {
  return variableOf(pid, 'MPCTL_RUN_ID') === runId && variableOf(pid, 'MPCTL_PROCESS') === instance;
}

/** A variable of the environment that a process was started with. */
function variableOf(pid: number, name: string): string | null {
  const environment = readProcFile(pid, 'environ') ?? '';
  const entry = environment.split('\0').find((one) => one.startsWith(`${name}=`));
  return entry === undefined ? null : entry.slice(name.length + 1);
}

/** How often a thread has been taken off a processor: equal as long as it has not run. */
function switchesOf(pid: number, thread: number): string {
  const status = readProcFile(pid, `task/${thread}/status`) ?? '';
  return [...status.matchAll(/ctxt_switches:\t(?<count>\d+)/gu)].map(({ groups }) => groups?.['count'] ?? '').join('+');
}

function waitsOf(pid: number, threads: readonly number[], pipes: Pipes): readonly ThreadWait[] {
  const caught = /^SigCgt:\t(?<mask>[0-9a-f]+)$/mu.exec(readProcFile(pid, 'status') ?? '')?.groups?.['mask'];
  const expectsSignal = caught === undefined || (BigInt(`0x${caught}`) & expectedMask) !== 0n || readProcFile(pid, 'timers') !== '';
  // Of a process that has just ended there are none, and it is no longer known what it was at.
  if (expectsSignal || threads.length === 0) return ['other'];
  return threads.map((thread) => {
    const call = readSystemCall(readProcFile(pid, `task/${thread}/syscall`) ?? '', process.arch);
    return call === null ? 'other' : waitIn(pid, call, pipes);
  });
}

function waitIn(pid: number, call: WaitingCall, pipes: Pipes): ThreadWait {
  switch (call.type) {
    case 'child':
    case 'thread':
      return 'own';
    case 'signal':
      return shells.has(readProcFile(pid, 'comm')?.trim() ?? '') ? 'own' : 'other';
    case 'receive':
      return 'answer';
    case 'read':
      return pipes.isOwn(pid, call.descriptor) ? 'own' : 'other';
  }
}

/** The pipes of a program: one that nobody else has open is written to by the program alone. */
class Pipes {
  readonly #ours: ReadonlySet<number>;
  /** Those that somebody else has open; read when the first is asked for. */
  #others: ReadonlySet<string> | null = null;

  constructor(ours: ReadonlySet<number>) {
    this.#ours = ours;
  }

  isOwn(pid: number, descriptor: number): boolean {
    const target = targetOf(pid, descriptor);
    if (target === null || !target.startsWith('pipe:')) return false;
    this.#others ??= new Set(listNumbers('/proc').filter((one) => !this.#ours.has(one)).flatMap(pipesOf));
    return !this.#others.has(target);
  }
}

function pipesOf(pid: number): readonly string[] {
  const targets = listNumbers(`/proc/${pid}/fd`).map((descriptor) => targetOf(pid, descriptor));
  return targets.filter((target) => target?.startsWith('pipe:') === true).map(String);
}

/** What a descriptor is open on; null where that cannot be read. */
function targetOf(pid: number, descriptor: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    return null;
  }
}

/** The names in a folder of proc(5) that are numbers; none where it is gone or closed to us. */
function listNumbers(folder: string): readonly number[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/u.test(name)).map(Number);
  } catch {
    return [];
  }
}
