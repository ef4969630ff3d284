import { isDead, type ProcessEntry } from './process-table.ts';

/** How old a list of all processes may be, in ms. */
const listEveryMs = 1000;

/** What is asked of the system. */
export interface ProcessList {
  readonly pids: () => readonly number[];
  /** Null where there is none. */
  readonly read: (pid: number) => ProcessEntry | null;
  readonly nowMs: () => number;
}

/**
 * Who is left in the process groups of shells between two of their commands. One list of all processes serves all
 * shells for a second, and of each process is read once whose it is: so whoever was left behind is found a
 * second later at most, and to look again costs next to nothing.
 */
export class LeftInGroup {
  readonly #list: ProcessList;
  #listedMs: number;
  /** The group of every process of the last list. */
  #groups = new Map<number, number>();
  /** Those of the last list who may still be there, by their group. */
  readonly #members = new Map<number, Set<number>>();

  constructor(list: ProcessList) {
    this.#list = list;
    this.#listedMs = list.nowMs();
  }

  /** Whether somebody else than the leader of the group is in it, who is no zombie: whoever came within the last second may be missed. */
  has(group: number): boolean {
    if (this.#list.nowMs() - this.#listedMs >= listEveryMs) this.#look();
    const members = this.#members.get(group);
    if (members === undefined) return false;
    for (const pid of members) {
      const entry = this.#list.read(pid);
      if (entry !== null && entry.group === group && !isDead(entry)) return true;
      members.delete(pid);
    }
    this.#members.delete(group);
    return false;
  }

  #look(): void {
    const groups = new Map<number, number>();
    this.#members.clear();
    for (const pid of this.#list.pids()) {
      const group = this.#groups.get(pid) ?? this.#list.read(pid)?.group;
      if (group === undefined) continue;
      groups.set(pid, group);
      if (group === pid) continue;
      const members = this.#members.get(group) ?? new Set();
      members.add(pid);
      this.#members.set(group, members);
    }
    this.#groups = groups;
    this.#listedMs = this.#list.nowMs();
  }
}
