/* What a thread waits at that sleeps until something happens to one of several descriptors. */
import { readMemory } from './process-memory.ts';
import { readProcFile } from './process-table.ts';
import type { WaitingCall } from './system-call.ts';

/** One of the descriptors, and what is to happen to it. */
export interface Watched {
  readonly descriptor: number;
  /** What it may read; without that it hears no more than an end. */
  readonly isForInput: boolean;
  /** Room for what it may write. */
  readonly isForRoom: boolean;
  /** It is told of what comes, and not of what has been there (`EPOLLET`): who sleeps there may have left some unread. */
  readonly isEdge: boolean;
}

type Watch = Extract<WaitingCall, { type: 'epoll' | 'poll' | 'select' }>;

/** `POLLIN` and `POLLRDNORM`, `POLLOUT` and `POLLWRNORM`, of which epoll(7) has the same numbers. */
const input = 0x41;
const room = 0x104;
const edge = 0x8000_0000;
/** Bytes of one entry of poll(2): the descriptor, what is waited for, and what has happened. */
const pollBytes = 8;
/** Whoever hears more than this is a server. */
const mostWatched = 1024;

/**
 * All of them; null where that cannot be read. Lists and sets are read from the memory of the process as they are now, where
 * the system has looked at them when the thread fell asleep: whoever changes them under a thread that sleeps, from
 * another one, would be misread; no library does, as the thread would not hear of it.
 */
export function watchedBy(pid: number, call: Watch): readonly Watched[] | null {
  switch (call.type) {
    case 'epoll':
      return byEpoll(pid, call.descriptor);
    case 'poll':
      return byPoll(pid, call.address, call.count);
    case 'select':
      return bySelect(pid, call);
  }
}

/** As `/proc/PID/fdinfo/FD` has it, see proc(5). */
function byEpoll(pid: number, descriptor: number): readonly Watched[] | null {
  const info = readProcFile(pid, `fdinfo/${descriptor}`);
  if (info === null) return null;
  return [...info.matchAll(/^tfd: *(?<watched>\d+) events: *(?<events>[0-9a-f]+) /gmu)].map(({ groups }) => {
    const events = Number.parseInt(groups?.['events'] ?? '', 16);
    return { descriptor: Number(groups?.['watched']), isForInput: (events & input) !== 0, isForRoom: (events & room) !== 0, isEdge: events >= edge };
  });
}

function byPoll(pid: number, address: bigint, count: number): readonly Watched[] | null {
  if (count === 0) return [];
  const list = count > mostWatched ? null : readMemory(pid, address, count * pollBytes);
  if (list === null) return null;
  const watched: Watched[] = [];
  for (let at = 0; at < list.length; at += pollBytes) {
    const descriptor = list.readInt32LE(at);
    // One below 0 is left out.
    const events = list.readUInt16LE(at + 4);
    if (descriptor >= 0) watched.push({ descriptor, isForInput: (events & input) !== 0, isForRoom: (events & room) !== 0, isEdge: false });
  }
  return watched;
}

function bySelect(pid: number, { below, read, write, except }: Extract<Watch, { type: 'select' }>): readonly Watched[] | null {
  if (below > mostWatched) return null;
  const sets = [read, write, except].map((address) => setOf(pid, address, below));
  const [readable, writable] = sets;
  if (sets.includes(null)) return null;
  const watched: Watched[] = [];
  for (let descriptor = 0; descriptor < below; descriptor += 1) {
    if (sets.some((set) => set?.[descriptor] === true)) watched.push({ descriptor, isForInput: readable?.[descriptor] === true, isForRoom: writable?.[descriptor] === true, isEdge: false });
  }
  return watched;
}

/** Which descriptors are in a set; none where there is no set. */
function setOf(pid: number, address: bigint, below: number): readonly boolean[] | null {
  if (address === 0n || below === 0) return [];
  const bytes = readMemory(pid, address, Math.ceil(below / 8));
  return bytes === null ? null : Array.from({ length: below }, (_, descriptor) => ((bytes[descriptor >> 3] ?? 0) & (1 << (descriptor & 7))) !== 0);
}
