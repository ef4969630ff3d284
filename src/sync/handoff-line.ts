/** Members are known by the numbers from 1 to this; what they release is told by their number and this one more. */
export const mostMembers = 127;
const releases = 128;

/** What the log says of a member that lines up for the lock. */
export function linesUp(member: number): number {
  return member;
}

/** What the log says of a member that releases it. */
export function letsGo(member: number): number {
  return releases + member;
}

/**
 * The line of those who hand a lock on to each other, as their common log tells it, a byte a record: whoever
 * stands first has the lock, and with each release the next one has it. What cannot be counts for nothing.
 */
export class HandoffLine {
  readonly #members: number[] = [];
  readonly #times = new Map<number, number>();
  #released = 0;

  /** Those who stand in line, the holder first. */
  get members(): readonly number[] {
    return this.#members;
  }

  /** How often the lock was released. */
  get released(): number {
    return this.#released;
  }

  /** How often a member has lined up. */
  timesOf(member: number): number {
    return this.#times.get(member) ?? 0;
  }

  includes(member: number): boolean {
    return this.#members.includes(member);
  }

  apply(record: number): void {
    if (record > 0 && record < releases) {
      if (this.includes(record)) return;
      this.#members.push(record);
      this.#times.set(record, this.timesOf(record) + 1);
    } else if (record > releases && this.#members[0] === record - releases) {
      this.#members.shift();
      this.#released += 1;
    }
  }
}
