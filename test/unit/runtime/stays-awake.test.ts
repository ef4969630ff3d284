import { expect, test } from 'vitest';
import { StaysAwake } from '../../../src/runtime/stays-awake.ts';

/** A turn of the event loop that does not sleep. */
const turnMs = 0.002;

/** How many turns were had in place of sleep, with pieces of work and pauses as long as they are said to be, after `rounds` of them. */
function turnsInsteadOfSleep({ workMs, pauseMs, rounds = 200, cores = 2 }: { readonly workMs: number | ((round: number) => number); readonly pauseMs: number; readonly rounds?: number; readonly cores?: number }): number {
  let nowMs = 0;
  let next: (() => void) | null = null;
  let turns = 0;
  const awake = new StaysAwake({
    nowMs: () => nowMs,
    nextTurn: (act) => {
      expect(next).toBeNull();
      next = act;
    },
    cores,
  });
  for (let round = 0; round < rounds; round += 1) {
    awake.begin();
    nowMs += typeof workMs === 'number' ? workMs : workMs(round);
    awake.end();
    turns = 0;
    const untilMs = nowMs + pauseMs;
    while (next !== null && nowMs < untilMs) {
      const act: () => void = next;
      next = null;
      nowMs += turnMs;
      turns += 1;
      act();
    }
    nowMs = Math.max(nowMs, untilMs);
  }
  return turns;
}

test('answers that come sooner than they are handled are looked for in place of sleeping', () => {
  expect(turnsInsteadOfSleep({ workMs: 0.012, pauseMs: 0.009 })).toBe(5);
});

test('where the pauses are longer than the work nobody looks, as those who answer need the core', () => {
  expect(turnsInsteadOfSleep({ workMs: 0.012, pauseMs: 0.02 })).toBe(0);
});

test('on a single core nobody looks: whoever is looked for could not run', () => {
  expect(turnsInsteadOfSleep({ workMs: 0.012, pauseMs: 0.009, cores: 1 })).toBe(0);
});

test('a pause without end is looked into for 50 us', () => {
  let nowMs = 0;
  let next: (() => void) | null = null;
  const awake = new StaysAwake({ nowMs: () => nowMs, nextTurn: (act) => (next = act), cores: 2 });
  for (let round = 0; round < 200; round += 1) {
    awake.begin();
    nowMs += 0.012;
    awake.end();
    nowMs += 0.002;
  }
  const beganMs = nowMs;
  while (next !== null) {
    const act: () => void = next;
    next = null;
    nowMs += turnMs;
    act();
  }
  expect(nowMs - beganMs).toBeCloseTo(0.05, 3);
});

test('work that waited for the core is no long work: nobody looks where the others need it', () => {
  const worksMs = Array.from({ length: 400 }, (_, round) => (round % 10 === 0 ? 3 : 0.012));
  expect(turnsInsteadOfSleep({ workMs: (round) => worksMs[round] ?? 0, pauseMs: 0.028, rounds: 392 })).toBe(0);
});

test('it takes some sixty answers to know that they are frequent', () => {
  expect(turnsInsteadOfSleep({ workMs: 0.012, pauseMs: 0.009, rounds: 40 })).toBe(0);
  expect(turnsInsteadOfSleep({ workMs: 0.012, pauseMs: 0.009, rounds: 120 })).toBe(5);
});
