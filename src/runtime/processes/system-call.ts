/* What a sleeping thread waits for, from the system call that it is in: `/proc/PID/task/TID/syscall`, see proc(5). */

/** The calls that a program can wait in, by what they are here. */
export type WaitingCall =
  /** For the end of a child, as long as it takes. */
  | { readonly type: 'child' }
  /** For another thread of the same process, as long as it takes. */
  | { readonly type: 'thread' }
  /** For a signal, as a shell does for that of the end of a child. */
  | { readonly type: 'signal' }
  /** For what comes over a socket. */
  | { readonly type: 'receive'; readonly descriptor: number }
  /** For what comes through a descriptor that may be a pipe. */
  | { readonly type: 'read'; readonly descriptor: number }
  /** For room in what a descriptor is open on, which may be a pipe. */
  | { readonly type: 'write'; readonly descriptor: number }
  /** For whatever happens first to one of those that an epoll(7) watches. */
  | { readonly type: 'poll'; readonly descriptor: number; readonly hasLimit: boolean };

/** Numbers of system calls, which differ from one architecture to the next and never change. */
interface Numbers {
  readonly read: number;
  readonly write: number;
  readonly recvfrom: number;
  readonly wait4: number;
  readonly waitid: number;
  readonly futex: number;
  readonly sigsuspend: number;
  /** Both kinds, or the one that there is. */
  readonly epollWaits: readonly number[];
}

const numbersByArchitecture: Readonly<Record<string, Numbers>> = {
  x64: { read: 0, write: 1, recvfrom: 45, wait4: 61, waitid: 247, futex: 202, sigsuspend: 130, epollWaits: [232, 281] },
  arm64: { read: 63, write: 64, recvfrom: 207, wait4: 260, waitid: 95, futex: 98, sigsuspend: 133, epollWaits: [22] },
};

/** `WNOHANG`: the call that carries it does not wait. */
const noHang = 1n;
/** `FUTEX_WAIT` and `FUTEX_WAIT_BITSET`, of which the latter is what locks of threads are made of today. */
const futexWaits: ReadonlySet<bigint> = new Set([0n, 9n]);
const futexCommand = 0x7fn;
const futexIsPrivate = 0x80n;

/** Reads the line; null for what is none of these, has a limit of time that is not told, or can be ended by others. */
export function readSystemCall(line: string, architecture: string): WaitingCall | null {
  const numbers = numbersByArchitecture[architecture];
  const [number, ...words] = line.trim().split(' ');
  if (numbers === undefined || words.length < 6 || !words.every((word) => /^0x[0-9a-f]+$/u.test(word))) return null;
  const [first = 0n, second = 0n, third = 0n, fourth = 0n] = words.map(BigInt);
  if (numbers.epollWaits.includes(Number(number))) {
    // The time is an `int`, and any that is below 0 is for ever.
    return { type: 'poll', descriptor: Number(first), hasLimit: BigInt.asIntN(32, fourth) >= 0n };
  }
  switch (Number(number)) {
    case numbers.wait4:
      return (third & noHang) === 0n ? { type: 'child' } : null;
    case numbers.waitid:
      return (fourth & noHang) === 0n ? { type: 'child' } : null;
    case numbers.futex: {
      // One in shared memory may be woken by a program that has nothing to do with this one.
      const isOwn = futexWaits.has(second & futexCommand) && (second & futexIsPrivate) !== 0n;
      const hasLimit = fourth !== 0n;
      return isOwn && !hasLimit ? { type: 'thread' } : null;
    }
    case numbers.sigsuspend:
      return { type: 'signal' };
    case numbers.recvfrom:
      return { type: 'receive', descriptor: Number(first) };
    case numbers.read:
      return { type: 'read', descriptor: Number(first) };
    case numbers.write:
      return { type: 'write', descriptor: Number(first) };
    default:
      return null;
  }
}
