import { monotonicMs } from '../monotonic-ms.ts';
import { groupExists, hasProcFolder, isDead, listProcesses, readProcess } from './process-table.ts';
import type { ProcessEntry } from './process-table.ts';

/** Nearly every group that a dead leader has left is gone by then, and no search was needed to see it. */
const doubtMs = 20;
/** So many times as long as a search of the process table has taken is waited before the next. */
const restTimes = 2;

/** What is asked of the system. */
export interface ProcessSystem {
  /** Whether the group has a member, be it a zombie. */
  readonly groupExists: (group: number) => boolean;
  /** Null where there is none, or where that is not to be had for little. */
  readonly read: (pid: number) => ProcessEntry | null;
  readonly list: () => readonly ProcessEntry[];
  readonly nowMs: () => number;
}

/**
 * Whether process groups have a member that is no zombie. Where nobody reaps orphans (in a container
 * without an init), a group of zombies stays for ever; it counts as ended.
 *
 * Whether all that a group has are zombies is only known from the table of all processes. When a hundred
 * groups end at once, searching it for each of them takes longer than everything else. So it is searched for
 * those only that are there for a while after their leader, once for all, and for a third of the time at
 * most: until then a group that exists is said to live. Whoever asks has to ask again anyway.
 */
export class GroupLooks {
  readonly #system: ProcessSystem;
  /** A member of each group that had a living one at the last search. */
  #members = new Map<number, number>();
  /** Groups that were asked for and had none at the last search. */
  readonly #ended = new Set<number>();
  /** Groups without a living leader or a known living member, and since when; the next search tells. */
  readonly #doubtful = new Map<number, number>();
  #nextSearchMs = Number.NEGATIVE_INFINITY;

  constructor(system: ProcessSystem) {
    this.#system = system;
  }

  isAlive(group: number): boolean {
    // Nearly always there is no such group any more, and one system call says so.
    if (!this.#system.groupExists(group)) {
      this.#ended.delete(group);
      this.#doubtful.delete(group);
      return false;
    }
    // In doubt is whose leader has gone, and it gets no other as long as it exists.
    if (!this.#doubtful.has(group) && this.#hasKnownMember(group)) {
      this.#ended.delete(group);
      return true;
    }
    const nowMs = this.#system.nowMs();
    const isKnown = this.#ended.has(group);
    if (isKnown && nowMs < this.#nextSearchMs) return false;
    const sinceMs = this.#doubtful.get(group) ?? (isKnown ? Number.NEGATIVE_INFINITY : nowMs);
    this.#doubtful.set(group, sinceMs);
    if (nowMs >= Math.max(this.#nextSearchMs, sinceMs + doubtMs)) this.#search();
    return !this.#ended.has(group);
  }

  #hasKnownMember(group: number): boolean {
    const member = this.#members.get(group);
    return this.#lives(group, group) || (member !== undefined && this.#lives(member, group));
  }

  #lives(pid: number, group: number): boolean {
    const entry = this.#system.read(pid);
    return entry !== null && entry.group === group && !isDead(entry);
  }

  #search(): void {
    const beganMs = this.#system.nowMs();
    const living = this.#system.list().filter((entry) => !isDead(entry));
    this.#members = new Map(living.map(({ group, pid }) => [group, pid]));
    for (const group of this.#doubtful.keys()) this.#ended.add(group);
    this.#doubtful.clear();
    for (const group of this.#ended) if (this.#members.has(group)) this.#ended.delete(group);
    const endedMs = this.#system.nowMs();
    this.#nextSearchMs = endedMs + restTimes * (endedMs - beganMs);
  }
}

// To look one up costs as much as a search where `ps` does it.
const read = hasProcFolder ? readProcess : (): null => null;
const looks = new GroupLooks({ groupExists, read, list: listProcesses, nowMs: monotonicMs });

/** Whether a process group has a member that is no zombie; true for a moment more where all that it has are zombies. */
export function groupIsAlive(group: number): boolean {
  return looks.isAlive(group);
}
