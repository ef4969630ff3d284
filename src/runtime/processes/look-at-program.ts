/*
 * What all processes of a running command are at, for the search for deadlocks. Linux tells of each
 * thread which system call it sleeps in; elsewhere only the processes are known, and what they say of
 * themselves. Whatever cannot be read counts as computing.
 */
import type { SeenLoop, SeenProcess, SeenWaiter, ThreadWait } from '../../engine/seen-program.ts';
import { readHousekeeper, waitsOfLoop } from './event-loop.ts';
import { OpenPipes, targetOf } from './open-pipes.ts';
import { listNumbers, listProcesses, type ProcessEntry, readProcFile } from './process-table.ts';
import { pipeAt, type ProgramPipes } from './program-pipes.ts';
import { readSystemCall, type WaitingCall } from './system-call.ts';

/** Whose processes are looked at. */
export interface LookedAt {
  /** The process that mpctl has started, which leads a group. */
  readonly leader: number;
  readonly instance: string;
  readonly runId: string;
  /** The folder of what the run and its programs share: nobody rings a bell there whom the run does not know of. */
  readonly clientFolder: string;
  readonly pipes: ProgramPipes;
  /** Who has said that it waits for the run. */
  readonly waiters: readonly SeenWaiter[];
  /** Who hears the run in an event loop. */
  readonly loops: readonly SeenLoop[];
}

/**
 * In the masks of proc(5), where signal 1 is the lowest bit: SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2 and those
 * above the two that threads are ended with. Whoever catches one of them may have set a clock, or is to be told something.
 */
const expectedSignals = [10, 12, 14, 26, 27];
const expectedMask = expectedSignals.reduce((mask, signal) => mask | (1n << BigInt(signal - 1)), ~0n << 33n);
/** The signal by which Node is told to wait for a debugger: whether a program itself hears it, only the program knows. */
const debuggerSignal = 10;
/** What waits for its children by waiting for any signal. */
const shells: ReadonlySet<string> = new Set(['ash', 'bash', 'busybox', 'dash', 'ksh', 'mksh', 'sh', 'zsh']);

/** All processes of the machine at one moment, for looks at several programs. */
export class ProgramLook {
  readonly #living = listProcesses().filter(({ state }) => state !== 'Z' && state !== 'X');
  readonly #pipes = new OpenPipes(this.#living);
  readonly #environments = new Map<number, ReadonlyMap<string, string>>();

  /** Every living process of a program. */
  at(looked: LookedAt): readonly SeenProcess[] {
    const processes = this.#processesOf(looked);
    if (process.platform !== 'linux') return processes.map(({ pid, startTime }) => ({ pid, mark: startTime, threads: null }));
    const loops = new Set(looked.loops.map(({ pid }) => pid));
    const ours = new Set(processes.map(({ pid }) => pid));
    const whole = new Set(looked.waiters.filter(({ threads }) => threads === null).map(({ pid }) => pid));
    const runners = new Set(processes.filter(({ pid, parentPid }) => this.#variablesOf(pid).get('MPCTL_HOLDER_PID') === String(parentPid)).map(({ parentPid }) => parentPid));
    return processes.map(({ pid, startTime }) => {
      const isLoop = loops.has(pid);
      // Verbs say for themselves that they do nothing but wait, though the interpreter has threads of its own.
      if (whole.has(pid) && !isLoop) return { pid, mark: startTime, threads: null };
      if (runners.has(pid)) return { pid, mark: startTime, threads: ['own'] };
      const threads = listNumbers(`/proc/${pid}/task`);
      const switches = threads.map((thread) => switchesOf(pid, thread));
      const isOwnPipe = (descriptor: number): boolean => targetOf(pid, descriptor)?.startsWith(`${looked.clientFolder}/`) === true || this.#pipes.areOf(ours, pid, descriptor);
      return { pid, mark: [startTime, ...switches].join(' '), threads: waitsOf({ pid, threads, isLoop, isOwnPipe, pipes: looked.pipes }) };
    });
  }

  /** The group, the descendants of its leader, and what has left both with the environment of the instance. */
  #processesOf({ leader, instance, runId }: LookedAt): readonly ProcessEntry[] {
    const ours = new Set(this.#living.filter(({ pid, group }) => pid === leader || group === leader).map(({ pid }) => pid));
    const began = this.#living.find(({ pid }) => pid === leader)?.startTime;
    for (const { pid, startTime } of this.#living) {
      // What is older than the leader, most of a machine, is none of its descendants.
      const mayBeOurs = began === undefined || Number(startTime) >= Number(began);
      if (mayBeOurs && !ours.has(pid) && this.#isMarked(pid, instance, runId)) ours.add(pid);
    }
    for (let grew = true; grew; ) {
      const before = ours.size;
      for (const { pid, parentPid } of this.#living) if (ours.has(parentPid)) ours.add(pid);
      grew = ours.size > before;
    }
    return this.#living.filter(({ pid }) => ours.has(pid));
  }

  #isMarked(pid: number, instance: string, runId: string): boolean {
    const variables = this.#variablesOf(pid);
    return variables.get('MPCTL_RUN_ID') === runId && variables.get('MPCTL_PROCESS') === instance;
  }

  /** What the environment that a process was started with has of mpctl. */
  #variablesOf(pid: number): ReadonlyMap<string, string> {
    const known = this.#environments.get(pid);
    if (known !== undefined) return known;
    const entries = (readProcFile(pid, 'environ') ?? '').split('\0').filter((entry) => entry.startsWith('MPCTL_'));
    const variables = new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
    this.#environments.set(pid, variables);
    return variables;
  }
}

/** How often a thread has been taken off a processor: equal as long as it has not run. */
function switchesOf(pid: number, thread: number): string {
  const status = readProcFile(pid, `task/${thread}/status`) ?? '';
  return [...status.matchAll(/ctxt_switches:\t(?<count>\d+)/gu)].map(({ groups }) => groups?.['count'] ?? '').join('+');
}

/** What it takes to tell what the threads of a process are at. */
interface Sleeper {
  readonly pid: number;
  readonly threads: readonly number[];
  /** It hears answers in an event loop, and says itself whether it hears the signal of the debugger. */
  readonly isLoop: boolean;
  readonly isOwnPipe: (descriptor: number) => boolean;
  readonly pipes: ProgramPipes;
}

function waitsOf(sleeper: Sleeper): readonly ThreadWait[] {
  const { pid, threads, isLoop } = sleeper;
  const caught = /^SigCgt:\t(?<mask>[0-9a-f]+)$/mu.exec(readProcFile(pid, 'status') ?? '')?.groups?.['mask'];
  const expected = isLoop ? expectedMask & ~(1n << BigInt(debuggerSignal - 1)) : expectedMask;
  const expectsSignal = caught === undefined || (BigInt(`0x${caught}`) & expected) !== 0n || readProcFile(pid, 'timers') !== '';
  // Of a process that has just ended there are none, and it is no longer known what it was at.
  if (expectsSignal || threads.length === 0) return ['other'];
  const housekeeper = isLoop ? readHousekeeper(pid) : null;
  return threads.flatMap((thread) => {
    // What is stopped has been woken, and does not know what has come for it meanwhile.
    const isAsleep = /^State:\tS/mu.test(readProcFile(pid, `task/${thread}/status`) ?? '');
    if (isLoop && !isAsleep) return ['other'];
    const call = readSystemCall(readProcFile(pid, `task/${thread}/syscall`) ?? '', process.arch);
    if (call === null || (call.type === 'poll' && call.hasLimit && thread !== housekeeper)) return ['other'];
    const waits = waitsIn(sleeper, call);
    return isAsleep || !waits.some((wait) => wait === 'input' || wait === 'output') ? waits : ['other'];
  });
}

function waitsIn(sleeper: Sleeper, call: WaitingCall): readonly ThreadWait[] {
  const { pid, isLoop, isOwnPipe, pipes } = sleeper;
  switch (call.type) {
    case 'child':
    case 'thread':
      return ['own'];
    case 'signal':
      return [shells.has(readProcFile(pid, 'comm')?.trim() ?? '') ? 'own' : 'other'];
    case 'receive':
      // Answers come to the loop, so this is another socket.
      return [isLoop ? 'other' : 'answer'];
    case 'read':
      if (pipes.input !== null && pipeAt(pid, call.descriptor) === pipes.input) return ['input'];
      return [isOwnPipe(call.descriptor) ? 'own' : 'other'];
    case 'write': {
      const pipe = pipeAt(pid, call.descriptor);
      return [pipe !== null && pipes.outputs.includes(pipe) ? 'output' : 'other'];
    }
    case 'poll':
      return isLoop ? waitsOfLoop(pid, call.descriptor, isOwnPipe) : ['other'];
  }
}
