import { describe, expect, test, vi } from 'vitest';

import { chooseReporter, type ReporterOptions } from '../../../src/report/choose-reporter.ts';
import {
  ended,
  event,
  exitedWith,
  output,
  runEnded,
  runStarted,
  skippedBecause,
  started,
  taskEnded,
} from '../../rig/events.ts';
import { FakeTerminal } from '../../rig/terminal.ts';

const options: ReporterOptions = {
  output: null,
  format: 'text',
  timestamps: false,
  github: false,
  workingDir: '/srv/project',
};

async function show(
  terminal: FakeTerminal,
  chosen: Partial<ReporterOptions>,
  events: readonly Parameters<Awaited<ReturnType<typeof chooseReporter>>['handle']>[0][],
): Promise<FakeTerminal> {
  const reporter = await chooseReporter({ ...options, ...chosen }, terminal);
  for (const each of events) reporter.handle(each);
  await reporter.finish();
  return terminal;
}

const twoLines = [
  runStarted(['a', 'b']),
  output(1500, 'a', 'first'),
  output(2750, 'b', 'second', 'stderr'),
] as const;

describe('what is chosen', () => {
  test('lines with prefixes where there is no terminal', async () => {
    const terminal = await show(new FakeTerminal(), {}, twoLines);
    expect(terminal.transcript()).toBe('1> [a] first\n2> [b] second\n');
  });

  test('lines with prefixes on a terminal too, if asked for', async () => {
    const terminal = await show(
      new FakeTerminal({ isTerminal: true }),
      { output: 'prefixed' },
      twoLines,
    );
    expect(terminal.transcript()).toBe('1> [a] first\n2> [b] second\n');
  });

  test('JSON goes before everything else', async () => {
    const terminal = await show(
      new FakeTerminal({ isTerminal: true }),
      { output: 'quiet', format: 'json' },
      twoLines,
    );
    expect(terminal.text('stdout')).toBe(
      twoLines.map((each) => `${JSON.stringify(each)}\n`).join(''),
    );
  });
});

test('timestamps are the moments of the events', async () => {
  const terminal = new FakeTerminal();
  terminal.nowMs = 1500;
  await show(terminal, { timestamps: true }, twoLines);
  expect(terminal.transcript()).toBe(
    '1> 2026-01-02T03:04:06.506Z [a] first\n2> 2026-01-02T03:04:07.756Z [b] second\n',
  );
});

test('timestamps are of the wall clock, which goes on while mpctl is stopped', async () => {
  const terminal = new FakeTerminal();
  await show(terminal, { timestamps: true }, [
    output(0, 'a', 'before'),
    event(1, { type: 'run.continued', stoppedMs: 60_000 }),
    output(2, 'a', 'after'),
  ]);
  expect(terminal.text('stdout')).toBe('2026-01-02T03:04:05.006Z [a] before\n2026-01-02T03:05:05.008Z [a] after\n');
});

test.for(['prefixed', 'grouped', 'quiet'] as const)(
  'timestamps stand before the remarks of mpctl, too: %s',
  async (outputMode) => {
    const terminal = new FakeTerminal();
    await show(terminal, { timestamps: true, output: outputMode }, [
      runStarted(['a', 'b']),
      ended(1500, 'a', exitedWith(1)),
    ]);
    expect(`${terminal.text('stdout')}${terminal.text('stderr')}`).toMatch(
      /^2026-01-02T03:04:05\.006Z mpctl: `a` failed: exited with 1$/m,
    );
  },
);

test('the same name has the same colour in every run, and failures alone are red', async () => {
  const events = [
    runStarted(['a', 'b']),
    output(1, 'a', 'x'),
    started(1, 'b'),
    ended(2, 'b', exitedWith(1)),
    ended(2, 'a'),
    runEnded(3, { outcome: 'failure', exitCode: 1, why: '`b` exited with 1' }),
  ];
  const first = await show(new FakeTerminal({ color: true }), {}, events);
  const second = await show(new FakeTerminal({ color: true }), {}, events);
  expect(first.text('stdout')).toBe(second.text('stdout'));
  // oxlint-disable-next-line no-control-regex -- Escape is what a colour begins with.
  expect(first.text('stdout')).toMatch(/^\u001B\[[39][2-6]m\[a\]\u001B\[0m x\n/);
  const red = first
    .text('stdout')
    .split('\n')
    .filter((line) => line.includes('\u001B[1;31m'));
  expect(red).toHaveLength(2);
});

test.for(['prefixed', 'grouped', 'quiet', null] as const)(
  'nothing that a run quotes moves the cursor: %s',
  async (outputMode) => {
    const item = 'a\u001B[2J\u001B[Hb\u0007';
    const terminal = new FakeTerminal({ isTerminal: outputMode === null });
    await show(terminal, { output: outputMode }, [
      runStarted([], [{ name: 'hash', workers: 1 }]),
      output(1, 'hash-1', 'working'),
      taskEnded(2, 0, 1, { item, fate: 'failed', exitcode: 1, why: `no ${item}` }),
      event(3, {
        type: 'pool.ended',
        pool: 'hash',
        state: 'failed',
        reason: 'task_failed',
        succeeded: 0,
        failed: 1,
        cancelled: 0,
        durationMs: 3,
        why: `1 of 1 task failed (${item})`,
        allowed: false,
      }),
      runEnded(4, { outcome: 'failure', exitCode: 1, why: `\`hash\` failed: (${item})` }),
    ]);
    const shown = terminal.writes.map(({ text }) => text).join('');
    expect(shown).toContain('ab');
    // oxlint-disable-next-line no-control-regex -- They are what is looked for.
    expect(shown).not.toMatch(/\u001B\[(?:2J|H)|\u0007/u);
  },
);

describe('quiet', () => {
  const quiet = { output: 'quiet' } as const;

  test('says nothing of a run in which everything has succeeded', async () => {
    const terminal = await show(new FakeTerminal(), quiet, [
      runStarted(['a', 'clock:daemon']),
      output(1, 'a', 'text'),
      ended(2, 'a'),
      ended(3, 'clock', { state: 'stopped', reason: 'stopped' }),
      runEnded(4),
    ]);
    expect(terminal.writes).toStrictEqual([]);
  });

  test('says what was skipped, and warns, even when the run is a success', async () => {
    const terminal = await show(new FakeTerminal(), quiet, [
      runStarted(['a', 'cleanup']),
      event(1, { type: 'warning', code: 'MP840', message: 'the pool had no tasks', instance: null }),
      ended(2, 'a'),
      ended(3, 'cleanup', skippedBecause('`a` did not fail')),
      runEnded(4),
    ]);
    expect(terminal.transcript()).toBe(`2> mpctl: warning: the pool had no tasks (MP840)
1>
1> name     state    exit  duration  attempts  why
1> cleanup  skipped     -         -         -  \`a\` did not fail
1> success in 4 ms
`);
  });
});

describe('faults of a view', () => {
  test('are told once and never reach the run', async () => {
    const terminal = new FakeTerminal();
    const reporter = await chooseReporter(options, terminal);
    const write = vi.spyOn(terminal, 'write').mockImplementation(() => {
      throw new Error('no space left');
    });
    for (const each of twoLines) reporter.handle(each);
    reporter.handle(output(3000, 'a', 'third'));
    await reporter.finish();
    expect(write).toHaveBeenCalledTimes(2);
    const told = terminal
      .text('stderr')
      .split('\n')
      .filter((line) => line.startsWith('mpctl: '));
    expect(told).toStrictEqual([
      'mpctl: the view of the run has a fault, the run goes on: Error: no space left',
    ]);
    expect(terminal.text('stderr')).toContain('[b] second\n');
  });

  test('of a frame leave the lines of the workers standing', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const terminal = new FakeTerminal({ isTerminal: true });
      const reporter = await chooseReporter(options, terminal);
      reporter.handle(runStarted(['a']));
      Object.defineProperty(terminal, 'rows', {
        get() {
          throw new Error('no window');
        },
      });
      await vi.advanceTimersByTimeAsync(200);
      reporter.handle(output(1, 'a', 'first'));
      reporter.handle(output(2, 'a', 'second'));
      await reporter.finish();
      expect(terminal.text('stdout')).toBe('[a] first\n[a] second\n');
      expect(terminal.text('stderr').match(/has a fault/g)).toHaveLength(1);
      expect(terminal.text('stderr')).toContain('no window');
    } finally {
      vi.useRealTimers();
    }
  });
});

test('what GitHub reads is escaped', async () => {
  const events = [
    runStarted(['a', 'spared']),
    ended(1, 'a', { ...exitedWith(1), why: '100% wrong:\nline two' }),
    ended(1, 'spared', { ...exitedWith(1), allowed: true }),
    event(2, { type: 'warning', code: 'MP801', message: 'careful', instance: null }),
    runEnded(3, { outcome: 'failure', exitCode: 1, why: '`a` failed' }),
  ];
  const terminal = await show(new FakeTerminal(), { github: true }, events);
  const commands = terminal
    .text('stdout')
    .split('\n')
    .filter((line) => line.startsWith('::'));
  expect(commands).toStrictEqual(['::error title=a failed::100%25 wrong:%0Aline two']);
  expect(terminal.text('stderr')).toContain('mpctl: warning: careful (MP801)\n');
});
