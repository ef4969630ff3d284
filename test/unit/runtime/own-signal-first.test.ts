import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OwnSignalFirst } from '../../../src/runtime/own-signal-first.ts';

let told: string[] = [];

beforeEach(() => {
  told = [];
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A process ends, and all of its output was read. */
function end(ends: OwnSignalFirst, key: number, signal: string | null): void {
  ends.exited(key, signal, () => told.push(`exited ${key}`));
  ends.afterExit(key, () => told.push(`drained ${key}`));
}

test('the signal that mpctl hears is told before the end of a process that has died of it', () => {
  const ends = new OwnSignalFirst();
  end(ends, 1, 'SIGINT');
  expect(told).toEqual([]);
  vi.advanceTimersByTime(99);
  told.push('signal');
  ends.heard();
  expect(told).toEqual(['signal', 'exited 1', 'drained 1']);
  vi.advanceTimersByTime(1000);
  expect(told).toHaveLength(3);
});

test('where mpctl hears nothing the end is told a tenth of a second later, with all that follows', () => {
  const ends = new OwnSignalFirst();
  end(ends, 1, 'SIGTERM');
  vi.advanceTimersByTime(100);
  expect(told).toEqual(['exited 1', 'drained 1']);
});

test.each([null, 'SIGKILL', 'SIGSEGV', 'SIGPIPE'])('an end by %s is told at once', (signal) => {
  end(new OwnSignalFirst(), 1, signal);
  expect(told).toEqual(['exited 1', 'drained 1']);
});

test('the end of a process that mpctl has sent a signal is told at once, and that of the next one is not', () => {
  const ends = new OwnSignalFirst();
  ends.sent(1);
  end(ends, 1, 'SIGTERM');
  expect(told).toEqual(['exited 1', 'drained 1']);
  end(ends, 1, 'SIGTERM');
  end(ends, 2, 'SIGTERM');
  expect(told).toHaveLength(2);
});
