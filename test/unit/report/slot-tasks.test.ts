import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/engine/run-event.ts';
import { GroupedReporter } from '../../../src/report/grouped-reporter.ts';
import { QuietReporter } from '../../../src/report/quiet-reporter.ts';
import type { Reporter } from '../../../src/report/reporter.ts';
import { RunRecord } from '../../../src/report/run-record.ts';
import { event, output, runStarted, taskEnded } from '../../rig/events.ts';
import { FakeTerminal } from '../../rig/terminal.ts';

function begins(at: number, task: number, attempt = 1): RunEvent {
  return event(at, { type: 'task.started', pool: 'hash', task, worker: 1, attempt });
}

function retries(at: number, task: number): RunEvent {
  return event(at, { type: 'task.retrying', pool: 'hash', task, item: `file-${task}`, attempt: 2, worker: 1, delayMs: 300, why: 'it exited with 3' });
}

const pool = runStarted([], [{ name: 'hash', workers: 1 }]);
/** A second task takes the slot of the first between two of its attempts. */
const retried = [pool, begins(1, 0), output(2, 'hash-1', 'first of 0'), retries(3, 0), begins(3, 1), output(4, 'hash-1', 'of 1')];
const options = { timestamps: false, workingDir: '/srv/project', github: false };

function shown(create: (target: FakeTerminal) => Reporter, events: readonly RunEvent[]): string {
  const terminal = new FakeTerminal({ isTerminal: false, columns: 80 });
  const reporter = create(terminal);
  for (const one of events) reporter.handle(one);
  return terminal.text('stdout');
}

describe('the output of an attempt that is followed by another', () => {
  it('is a block of its own, and no part of that of the next task in the slot', () => {
    const ends = [taskEnded(5, 1, 1), begins(6, 0, 2), output(7, 'hash-1', 'second of 0'), taskEnded(8, 0, 1)];
    expect(shown((target) => new GroupedReporter(target, options), [...retried, ...ends])).toBe(`\
┌─ hash, task 0 (\`file-0\`), attempt 1
first of 0
└─ hash, task 0 (\`file-0\`), attempt 1 failed: it exited with 3
┌─ hash, task 1 (\`file-1\`)
of 1
└─ hash, task 1 (\`file-1\`) succeeded after 40 ms
┌─ hash, task 0 (\`file-0\`)
second of 0
└─ hash, task 0 (\`file-0\`) succeeded after 40 ms
`);
  });

  it('leaves the block of the next task open where the retry is cancelled meanwhile', () => {
    const ends = [taskEnded(5, 0, 1, { fate: 'cancelled' }), output(6, 'hash-1', 'more of 1'), taskEnded(7, 1, 1)];
    const text = shown((target) => new GroupedReporter(target, options), [...retried, ...ends]);
    expect(text).toContain('┌─ hash, task 1 (`file-1`)\nof 1\nmore of 1\n└─');
  });

  it('is not shown with the failure of the next task', () => {
    const ends = [taskEnded(5, 0, 1, { fate: 'cancelled' }), taskEnded(6, 1, 1, { fate: 'failed', why: 'it exited with 4' })];
    const text = shown((target) => new QuietReporter(target, options), [...retried, ...ends]);
    expect(text).toContain('of 1\n');
    expect(text).not.toContain('first of 0');
  });
});

describe('how many tasks run', () => {
  it('is told by the events of the tasks alone', () => {
    const record = new RunRecord();
    const events = [pool, begins(1, 0), retries(2, 0), begins(3, 1), taskEnded(4, 0, 1, { fate: 'cancelled' }), taskEnded(5, 1, 1)];
    const counts = events.map((one) => {
      record.handle(one);
      return record.pools.get('hash')?.running;
    });
    expect(counts).toEqual([0, 1, 0, 1, 1, 0]);
  });
});
