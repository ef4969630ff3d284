import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GroupLooks } from '../../../src/runtime/processes/group-looks.ts';
import type { ProcessEntry } from '../../../src/runtime/processes/process-table.ts';

/** What one search of the table takes in the model, in ms. */
const searchMs = 10;

/** Processes that a model of the system has. */
class Table {
  readonly processes = new Map<number, ProcessEntry>();
  nowMs = 0;
  searches = 0;
  #nextPid = 1000;

  readonly looks = new GroupLooks({
    groupExists: (group) => this.#members(group).length > 0,
    read: (pid) => this.processes.get(pid) ?? null,
    list: () => {
      this.searches += 1;
      const entries = [...this.processes.values()];
      this.nowMs += searchMs;
      return entries;
    },
    nowMs: () => this.nowMs,
  });

  #members(group: number): readonly ProcessEntry[] {
    return [...this.processes.values()].filter((entry) => entry.group === group);
  }

  isAlive(group: number): boolean {
    return this.#members(group).some(({ state }) => state !== 'Z');
  }

  /** Whoever lives is never said to have ended, and a group of which nobody exists is always said to. */
  possibleAnswers(group: number): readonly boolean[] {
    if (this.isAlive(group)) return [true];
    return this.#members(group).length === 0 ? [false] : [true, false];
  }

  add(pid: number, group: number): void {
    this.processes.set(pid, { pid, parentPid: 1, group, state: 'S', startTime: String(this.nowMs) });
  }

  addMember(group: number): void {
    // A group without a living member gets no more.
    if (!this.isAlive(group)) return;
    this.#nextPid += 1;
    this.add(this.#nextPid, group);
  }

  /** Ends the member that is so many behind the first, round and round. */
  end(group: number, which: number): void {
    const living = this.#members(group).filter(({ state }) => state !== 'Z');
    const entry = living[which % Math.max(living.length, 1)];
    if (entry !== undefined) this.processes.set(entry.pid, { ...entry, state: 'Z' });
  }

  reap(group: number): void {
    for (const { pid, state } of this.#members(group)) if (state === 'Z') this.processes.delete(pid);
  }
}

const groups = [1, 2, 3, 4, 5] as const;

type Move = { readonly type: 'add' | 'end' | 'reap' | 'ask'; readonly group: number; readonly which: number } | { readonly type: 'wait'; readonly ms: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ type: fc.constantFrom('add', 'end', 'end', 'reap', 'ask', 'ask'), group: fc.constantFrom(...groups), which: fc.nat({ max: 3 }) }),
  fc.record({ type: fc.constant('wait'), ms: fc.integer({ min: 1, max: 60 }) }),
);

/** Gives what may be and was answered, where somebody asks. */
function make(table: Table, step: Move): { readonly possible: readonly boolean[]; readonly answer: boolean } | null {
  switch (step.type) {
    case 'add':
      table.addMember(step.group);
      return null;
    case 'end':
      table.end(step.group, step.which);
      return null;
    case 'reap':
      table.reap(step.group);
      return null;
    case 'wait':
      table.nowMs += step.ms;
      return null;
    case 'ask':
      return { possible: table.possibleAnswers(step.group), answer: table.looks.isAlive(step.group) };
  }
}

describe('whether groups live', () => {
  it('is never said of too few, and of no more than that once there was time for a search', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80 }), (moves) => {
        const table = new Table();
        for (const group of groups) table.add(group, group);
        const asked = moves.map((step) => make(table, step));
        expect(asked.filter((asking) => asking !== null && !asking.possible.includes(asking.answer))).toEqual([]);
        table.nowMs += 10 * searchMs;
        // Whoever is in doubt now is told about by the search of the next time, the others by one more.
        for (let time = 0; time < 3; time += 1) {
          for (const group of groups) table.looks.isAlive(group);
          table.nowMs += 10 * searchMs;
        }
        for (const group of groups) expect([group, table.looks.isAlive(group)]).toEqual([group, table.isAlive(group)]);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes a third of the time at most, however many end and are asked for', () => {
    const table = new Table();
    const many = Array.from({ length: 100 }, (_, index) => index + 1);
    for (const group of many) {
      table.add(group, group);
      table.addMember(group);
    }
    const untilMs = 1000;
    for (let turn = 0; table.nowMs < untilMs; turn += 1) {
      const group = many[turn % many.length] ?? 1;
      table.end(group, 0);
      table.looks.isAlive(group);
      table.nowMs += 1;
    }
    expect(table.searches).toBeGreaterThan(1);
    expect(table.searches * searchMs).toBeLessThanOrEqual(untilMs / 3 + searchMs);
  });

  it('is known without a search where all are gone before long', () => {
    const table = new Table();
    for (const group of groups) {
      table.add(group, group);
      table.addMember(group);
      table.end(group, 0);
      expect(table.looks.isAlive(group)).toBe(true);
      table.end(group, 0);
      table.reap(group);
      expect(table.looks.isAlive(group)).toBe(false);
    }
    expect(table.searches).toBe(0);
  });

  it('is known after a moment where nobody reaps them', () => {
    const table = new Table();
    table.add(1, 1);
    table.addMember(1);
    table.end(1, 0);
    table.end(1, 0);
    expect(table.looks.isAlive(1)).toBe(true);
    table.nowMs += 20;
    expect(table.looks.isAlive(1)).toBe(false);
    expect(table.searches).toBe(1);
  });
});
