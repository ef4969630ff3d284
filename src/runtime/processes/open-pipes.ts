import { readlinkSync } from 'node:fs';
import { listNumbers, type ProcessEntry } from './process-table.ts';

/** Who has what open. */
interface Holders {
  readonly byTarget: ReadonlyMap<string, ReadonlySet<number>>;
  /** Of a process that may have a pipe of the run it cannot be read what it has, as of one that `sudo` has started. */
  readonly isPartial: boolean;
}

/** Pipes, sockets, and what has no name any more, as the pipes between two programs. */
const isKept = /^(?:pipe|socket):|\(deleted\)$/u;

/** The pipes and sockets of a machine, read when one is first asked for: what only one program has open is written to by it alone. */
export class OpenPipes {
  readonly #living: readonly ProcessEntry[];
  #holders: Holders | null = null;

  constructor(living: readonly ProcessEntry[]) {
    this.#living = living;
  }

  /** Whether somebody has it open, and nobody but these. */
  areOnlyOf(target: string, isOneOfThem: (pid: number) => boolean): boolean {
    this.#holders ??= this.#readHolders();
    const holders = this.#holders.byTarget.get(target);
    return holders !== undefined && !this.#holders.isPartial && [...holders].every(isOneOfThem);
  }

  #readHolders(): Holders {
    const byTarget = new Map<string, Set<number>>();
    const parents = new Map(this.#living.map(({ pid, parentPid }) => [pid, parentPid]));
    let isPartial = false;
    for (const { pid } of this.#living) {
      const descriptors = listNumbers(`/proc/${pid}/fd`);
      if (descriptors.length === 0 && descendsFrom(process.pid, pid, parents)) isPartial = true;
      for (const descriptor of descriptors) {
        const target = targetOf(pid, descriptor);
        if (target === null || !isKept.test(target)) continue;
        const holders = byTarget.get(target);
        if (holders === undefined) byTarget.set(target, new Set([pid]));
        else holders.add(pid);
      }
    }
    return { byTarget, isPartial };
  }
}

function descendsFrom(ancestor: number, pid: number, parents: ReadonlyMap<number, number>): boolean {
  // They were not all read at one moment: what was read could go round in a circle.
  const seen = new Set<number>();
  for (let at = parents.get(pid); at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === ancestor) return true;
    seen.add(at);
  }
  return false;
}

/** What a descriptor is open on; null where that cannot be read. */
export function targetOf(pid: number, descriptor: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    return null;
  }
}
