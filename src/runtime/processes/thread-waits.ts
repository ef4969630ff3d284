/*
 * What the threads of a process are at, as far as the system tells. Some of it never can be told from there:
 *
 * - What others may send a program. A signal that it catches to be told something (below) counts as what may come at any time. Node always catches
 *   SIGUSR1, to be told to wait for a debugger, whether its program hears it or not, and only the program knows: so a Node program that has no
 *   connection to the run, and has not said so, counts as computing, unless it was started with `--disable-sigusr1`.
 * - What comes over a network. A program that waits for a socket besides its input, as curl does while it sends what it reads, may be woken
 *   by whoever is at the other end. Only of a socket whose other end is its own program nobody else can wake it (see `SocketPeers`).
 * - What time brings. A wait with a limit, such as any of the runtimes of Go and Java has in a thread of its own, is one that ends; of an alarm(2)
 *   that nobody catches there is no trace in proc(5).
 */
import type { ThreadWait } from '../../engine/seen-program.ts';
import { isNode, readHousekeeper } from './event-loop.ts';
import { targetOf } from './open-pipes.ts';
import { readProcFile } from './process-table.ts';
import { type JoinedPipe, pipeAt, type ProgramPipes } from './program-pipes.ts';
import { readSystemCall, type WaitingCall } from './system-call.ts';
import { type Watched, watchedBy } from './watched-descriptors.ts';

/** What it takes to tell what the threads of a process are at. */
export interface Sleeper {
  readonly pid: number;
  readonly threads: readonly number[];
  /** It hears answers in an event loop, and says itself whether it hears the signal of the debugger. */
  readonly isLoop: boolean;
  readonly pipes: ProgramPipes;
  readonly joined: readonly JoinedPipe[];
  /** Whether this is a pipe that nobody has open but this program, or the bell of a loan. */
  readonly isOwnPipe: (descriptor: number) => boolean;
  /** Whether this is a socket whose other end this program has, and nobody else. */
  readonly isOwnSocket: (descriptor: number) => boolean;
  /** Whether nobody has this open but this program, mpctl, and the program at the other end. */
  readonly isBetween: (descriptor: number, other: string) => boolean;
}

/**
 * In the masks of proc(5), where signal 1 is the lowest bit: SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2, SIGIO and those
 * above the two that threads are ended with. Whoever catches one of them may have set a clock, or is to be told something.
 */
const expectedSignals = [10, 12, 14, 26, 27, 29];
const expectedMask = expectedSignals.reduce((mask, signal) => mask | (1n << BigInt(signal - 1)), ~0n << 33n);
/** The signal by which Node is told to wait for a debugger: whether a program itself hears it, only the program knows. */
const debuggerSignal = 10;
/** What waits for its children by waiting for any signal. */
const shells: ReadonlySet<string> = new Set(['ash', 'bash', 'busybox', 'dash', 'ksh', 'mksh', 'sh', 'zsh']);
/** Nothing but the other end of a pipe can end these, and who is stopped does not know whether it has. */
const atPipes: ReadonlySet<ThreadWait> = new Set<ThreadWait>(['input', 'output', 'joined_input', 'joined_output']);

/** What each thread of a process is at; one more is at something else where a signal may come for all of them. */
export function waitsOf(sleeper: Sleeper): readonly ThreadWait[] {
  const { pid, threads, isLoop } = sleeper;
  const caught = /^SigCgt:\t(?<mask>[0-9a-f]+)$/mu.exec(readProcFile(pid, 'status') ?? '')?.groups?.['mask'];
  const expected = isLoop ? expectedMask & ~(1n << BigInt(debuggerSignal - 1)) : expectedMask;
  const expectsSignal = caught === undefined || (BigInt(`0x${caught}`) & expected) !== 0n || readProcFile(pid, 'timers') !== '';
  // Of a process that has just ended there are none, and it is no longer known what it was at.
  if (threads.length === 0) return ['other'];
  const housekeeper = readHousekeeper(pid);
  const waits = threads.flatMap((thread) => waitsOfThread(sleeper, thread, housekeeper));
  return expectsSignal && !waits.includes('other') ? [...waits, 'other'] : waits;
}

function waitsOfThread(sleeper: Sleeper, thread: number, housekeeper: number | null): readonly ThreadWait[] {
  const { pid, isLoop } = sleeper;
  // What is stopped has been woken, and does not know what has come for it meanwhile.
  const isAsleep = /^State:\tS/mu.test(readProcFile(pid, `task/${thread}/status`) ?? '');
  if (isLoop && !isAsleep) return ['other'];
  const call = readSystemCall(readProcFile(pid, `task/${thread}/syscall`) ?? '', process.arch);
  if (call === null || ('hasLimit' in call && call.hasLimit && thread !== housekeeper)) return ['other'];
  const waits = waitsIn(sleeper, call);
  return isAsleep || !waits.some((wait) => atPipes.has(wait)) ? waits : ['other'];
}

function waitsIn(sleeper: Sleeper, call: WaitingCall): readonly ThreadWait[] {
  const { pid, isLoop } = sleeper;
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
      return [waitAtPipe(sleeper, call.descriptor, 'input') ?? (sleeper.isOwnPipe(call.descriptor) ? 'own' : 'other')];
    case 'write':
      return [waitAtPipe(sleeper, call.descriptor, 'output') ?? 'other'];
    case 'epoll':
    case 'poll':
    case 'select':
      return waitsAtAny(sleeper, watchedBy(pid, call) ?? []);
  }
}

/** What the pipe at a descriptor is to the run, of those that the program reads, or of those that it writes; null for any other. */
function waitAtPipe({ pid, pipes, joined, isBetween }: Sleeper, descriptor: number, end: 'input' | 'output'): ThreadWait | null {
  const pipe = pipeAt(pid, descriptor);
  if (pipe === null) return null;
  if (end === 'input' ? pipe === pipes.input : pipes.outputs.includes(pipe)) return end;
  const between = joined.find((one) => one.end === end && one.pipe === pipe);
  if (between === undefined) return null;
  return isBetween(descriptor, between.other) ? `joined_${end}` : 'other';
}

/** What a thread waits for that sleeps until something happens to one of several; nothing that happens to none of them is known. */
function waitsAtAny(sleeper: Sleeper, watched: readonly Watched[]): readonly ThreadWait[] {
  const waits: ThreadWait[] = [];
  let counters = 0;
  for (const one of watched) {
    const target = targetOf(sleeper.pid, one.descriptor) ?? '';
    const atPipe = waitAtPipe(sleeper, one.descriptor, 'input') ?? waitAtPipe(sleeper, one.descriptor, 'output');
    if (atPipe !== null) {
      waits.push(waitAtOne(atPipe, one));
    } else if (target.startsWith('socket:')) {
      waits.push(waitAtSocket(sleeper, one.descriptor));
    } else if (target === 'anon_inode:[eventfd]') {
      // By one of these the other threads of Node wake the loop; the system itself may count another one up, or that of other programs.
      counters += 1;
      waits.push(counters === 1 && (sleeper.isLoop || isNode(sleeper.pid)) ? 'own' : 'other');
    } else {
      waits.push(sleeper.isOwnPipe(one.descriptor) ? 'own' : 'other');
    }
  }
  return waits.length === 0 ? ['other'] : waits;
}

/** Of what it writes it may only want to hear that nobody reads it any more; mpctl reads it for as long as it lives. */
function waitAtOne(atPipe: ThreadWait, { isForInput, isForRoom, isEdge }: Watched): ThreadWait {
  if (isEdge) return 'other';
  if (atPipe === 'output') return isForRoom ? 'output' : 'own';
  // Where it does not hear what comes there may be something that it has left for later.
  return atPipe === 'joined_output' || isForInput ? atPipe : 'other';
}

/** Answers come to a loop through a socket, one for each of its connections; no other program hears them so. */
function waitAtSocket({ isLoop, isOwnSocket }: Sleeper, descriptor: number): ThreadWait {
  if (isLoop) return 'answer';
  return isOwnSocket(descriptor) ? 'own' : 'other';
}
