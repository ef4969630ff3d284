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
  | { readonly type: 'epoll'; readonly descriptor: number; readonly hasLimit: boolean }
  /** The same for those in a list of poll(2), which is in the memory of the process. */
  | { readonly type: 'poll'; readonly address: bigint; readonly count: number; readonly hasLimit: boolean }
  /** The same for those in the sets of select(2), which are in the memory of the process; an address of 0 is no set. */
  | { readonly type: 'select'; readonly below: number; readonly read: bigint; readonly write: bigint; readonly except: bigint; readonly hasLimit: boolean };

/** Numbers of system calls, which differ from one architecture to the next and never change. */
interface Numbers {
  readonly read: number;
  readonly write: number;
  readonly recvfrom: number;
  readonly wait4: number;
  readonly waitid: number;
  readonly futex: number;
  readonly sigsuspend: number;
  /** Both kinds, or the one that there is, whose limit is a number of milliseconds. */
  readonly epollWaits: readonly number[];
  readonly epollPwait2: number;
  /** Null where there is only the one with a pointer to its limit. */
  readonly poll: number | null;
  readonly ppoll: number;
  readonly selects: readonly number[];
}

const numbersByArchitecture: Readonly<Record<string, Numbers>> = {
  x64: { read: 0, write: 1, recvfrom: 45, wait4: 61, waitid: 247, futex: 202, sigsuspend: 130, epollWaits: [232, 281], epollPwait2: 441, poll: 7, ppoll: 271, selects: [23, 270] },
  arm64: { read: 63, write: 64, recvfrom: 207, wait4: 260, waitid: 95, futex: 98, sigsuspend: 133, epollWaits: [22], epollPwait2: 441, poll: null, ppoll: 73, selects: [72] },
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
  const given = words.map(BigInt);
  const watch = readWatch(numbers, Number(number), given);
  if (watch !== null) return watch;
  const [first = 0n, second = 0n, third = 0n, fourth = 0n] = given;
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

/** One of the calls that wait for whatever happens first; null for any other. */
function readWatch(numbers: Numbers, number: number, [first = 0n, second = 0n, third = 0n, fourth = 0n, fifth = 0n]: readonly bigint[]): WaitingCall | null {
  // The time is an `int`, and any that is below 0 is for ever; or a pointer, and none is for ever.
  if (numbers.epollWaits.includes(number)) return { type: 'epoll', descriptor: Number(first), hasLimit: BigInt.asIntN(32, fourth) >= 0n };
  if (number === numbers.epollPwait2) return { type: 'epoll', descriptor: Number(first), hasLimit: fourth !== 0n };
  if (number === numbers.poll) return { type: 'poll', address: first, count: Number(BigInt.asUintN(32, second)), hasLimit: BigInt.asIntN(32, third) >= 0n };
  if (number === numbers.ppoll) return { type: 'poll', address: first, count: Number(BigInt.asUintN(32, second)), hasLimit: third !== 0n };
  if (numbers.selects.includes(number)) return { type: 'select', below: Number(BigInt.asUintN(32, first)), read: second, write: third, except: fourth, hasLimit: fifth !== 0n };
  return null;
}
