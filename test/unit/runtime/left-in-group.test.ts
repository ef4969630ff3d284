import { array, assert, constantFrom, nat, property, record } from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { LeftInGroup } from '../../../src/runtime/processes/left-in-group.ts';
import type { ProcessEntry } from '../../../src/runtime/processes/process-table.ts';

let processes = new Map<number, ProcessEntry>();
let nowMs = 0;
let reads: number[] = [];

beforeEach(() => {
  processes = new Map();
  nowMs = 0;
  reads = [];
});

function add(pid: number, group: number, state = 'S'): void {
  processes.set(pid, { pid, parentPid: 1, group, state, startTime: String(pid) });
}

function isLong(sinceMs: number | undefined): boolean {
  return sinceMs !== undefined && nowMs - sinceMs >= 1000;
}

function open(): LeftInGroup {
  return new LeftInGroup({
    pids: () => [...processes.keys()],
    read: (pid) => {
      reads.push(pid);
      return processes.get(pid) ?? null;
    },
    nowMs: () => nowMs,
  });
}

test('somebody is found after a second at most, and no longer once he has gone', () => {
  const left = open();
  add(10, 10);
  add(11, 10);
  expect(left.has(10)).toBe(false);
  nowMs = 1000;
  expect([left.has(10), left.has(20)]).toEqual([true, false]);
  processes.delete(11);
  expect(left.has(10)).toBe(false);
});

test('a zombie is nobody, nor is whoever has gone to another group', () => {
  const left = open();
  add(10, 10);
  add(11, 10, 'Z');
  add(12, 10);
  nowMs = 1000;
  left.has(20);
  add(12, 12);
  expect(left.has(10)).toBe(false);
});

test('of a process that stays it is read once whose it is', () => {
  const left = open();
  for (let pid = 1; pid <= 500; pid += 1) add(pid, 1);
  for (let second = 1; second <= 100; second += 1) {
    nowMs = second * 1000;
    left.has(10_000);
  }
  expect(reads.length).toBe(500);
});

test('at any time, whoever was there for a second is found', () => {
  const step = record({ what: constantFrom('add', 'end', 'look'), pid: nat(6), group: nat(2), afterMs: nat(700) });
  assert(
    property(array(step, { maxLength: 60 }), (steps) => {
      processes = new Map();
      nowMs = 0;
      const left = open();
      const since = new Map<number, number>();
      let fresh = 100;
      const wrong: string[] = [];
      for (const { what, pid, group, afterMs } of steps) {
        nowMs += afterMs;
        if (what === 'add') {
          add(fresh, group);
          since.set(fresh, nowMs);
          fresh += 1;
        } else if (what === 'end') {
          const gone = [...processes.keys()][pid];
          if (gone !== undefined) processes.delete(gone);
        } else {
          const members = [...processes.values()].filter((entry) => entry.group === group);
          const areLong = members.some(({ pid: member }) => isLong(since.get(member)));
          const isFound = left.has(group);
          // Who has come within the last second may be found or not.
          if (isFound ? members.length === 0 : areLong) wrong.push(`${isFound} at ${nowMs}`);
        }
      }
      expect(wrong).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});
