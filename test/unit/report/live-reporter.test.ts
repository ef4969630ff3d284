import stringWidth from 'string-width';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { RunEvent } from '../../../src/engine/run-event.ts';
import type { Reporter } from '../../../src/report/reporter.ts';
import { chooseReporter } from '../../../src/report/choose-reporter.ts';
import { Screen } from '../../../src/report/live/screen.ts';
import { TextRuler } from '../../../src/report/text-ruler.ts';
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
import { FakeTerminal, type FakeTerminalOptions } from '../../rig/terminal.ts';

const signals = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGWINCH',
  'exit',
  'beforeExit',
] as const;

async function live(
  options: FakeTerminalOptions = {},
): Promise<{ terminal: FakeTerminal; view: Reporter }> {
  const terminal = new FakeTerminal({ isTerminal: true, ...options });
  const view = await chooseReporter(
    { output: null, format: 'text', timestamps: false, github: false, workingDir: '/srv/project' },
    terminal,
  );
  return { terminal, view };
}

/**
 * Lets time pass until the next frame is drawn; the marks, which depend on what the terminal's font
 * has, are `?`.
 */
async function nextFrame(terminal: FakeTerminal, ms = 100): Promise<readonly string[]> {
  terminal.nowMs += ms;
  await vi.advanceTimersByTimeAsync(100);
  return terminal.screen().map((line) => line.replace(/^[^\w… ] (?=\S)/u, '? '));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the live view', () => {
  test('says for every instance what it does, what it waits for and who holds it', async () => {
    const { terminal, view } = await live();
    view.handle(runStarted(['db:daemon', 'migrate', 'api', 'report', 'flaky', 'pauses', 'late']));
    view.handle(
      event(0, {
        type: 'instance.waiting',
        instance: 'pauses',
        for: [{ kind: 'sleep', name: '300 ms', detail: null, by: [] }],
      }),
    );
    view.handle(started(0, 'db'));
    view.handle(event(0, { type: 'instance.ready', instance: 'db' }));
    view.handle(
      event(0, {
        type: 'instance.waiting',
        instance: 'migrate',
        for: [{ kind: 'hold', name: 'tree', detail: 'lock', by: ['db'] }],
      }),
    );
    view.handle(
      event(0, {
        type: 'instance.waiting',
        instance: 'api',
        for: [{ kind: 'event', name: 'go', detail: null, by: ['migrate', 'report'] }],
      }),
    );
    view.handle(started(0, 'report'));
    view.handle(ended(0, 'report', { durationMs: 3210 }));
    view.handle(output(0, 'db', 'listening'));
    view.handle(
      event(0, {
        type: 'instance.restarting',
        instance: 'flaky',
        attempt: 2,
        delayMs: 1400,
        why: 'exited with 1',
      }),
    );
    await expect(nextFrame(terminal)).resolves.toStrictEqual([
      '[db] listening',
      'mpctl: restarting `flaky` in 1.4 s (attempt 2): exited with 1',
      '? db       ready 100 ms',
      '? migrate  waiting for lock `tree`, held by `db`',
      '? api      waiting for event `go`, can be set by `migrate` and `report`',
      '? report   succeeded after 3.2 s',
      '? flaky    retry 2 in 1.3 s: exited with 1',
      '? pauses   sleeping 300 ms',
      '? late     not started',
      '1 of 7 ended, 2 running, 4 waiting, 100 ms',
      '',
    ]);
    await view.finish();
  });

  test('shows how far a pool is, how fast and how long it will still take', async () => {
    const { terminal, view } = await live();
    view.handle(runStarted([], [{ name: 'hash', workers: 2 }]));
    view.handle(event(0, { type: 'pool.started', pool: 'hash' }));
    view.handle(
      event(900, {
        type: 'pool.progress',
        pool: 'hash',
        done: 20,
        failed: 3,
        running: 2,
        total: 40,
      }),
    );
    const frame = await nextFrame(terminal, 100);
    expect(frame[0]).toBe('? hash  ██████░░░░░░ 3 failed, 20/40 done, 2 running, 22/s, 800 ms left');
    for (const task of [20, 21, 22, 23, 24]) view.handle(taskEnded(1250, task, 1));
    const next = await nextFrame(terminal, 0);
    expect(next[0]).toBe('? hash  ███████░░░░░ 3 failed, 25/40 done, 2 running, 20/s, 750 ms left');
    await view.finish();
  });

  test('says that the next Ctrl-C kills `finally` while it runs', async () => {
    const { terminal, view } = await live({ columns: 100 });
    view.handle(runStarted(['work', 'last:finally']));
    view.handle(event(0, { type: 'run.signal', signal: 'SIGINT', rung: 1, killInMs: null }));
    view.handle(ended(0, 'work', { state: 'stopped', reason: 'stopped' }));
    view.handle(event(0, { type: 'run.finally' }));
    view.handle(started(0, 'last'));
    const frame = await nextFrame(terminal);
    expect(frame[0]).toBe(
      'mpctl: stopping the run: mpctl was sent SIGINT; ' +
        'press Ctrl-C again to kill `finally` and leave all else 1 s',
    );
    expect(frame.at(-2)).toMatch(/^finishing, press Ctrl-C again to kill `finally`: 1 of 2 ended/);
    await view.finish();
  });

  test('says of `finally` when it runs, and gives what was stopped no mark of success', async () => {
    const { terminal, view } = await live();
    view.handle(runStarted(['fine', 'cut', 'left', 'last:finally']));
    view.handle(ended(0, 'fine'));
    view.handle(ended(0, 'cut', { state: 'stopped', reason: 'stopped', why: 'the run is over' }));
    view.handle(ended(0, 'left', skippedBecause('`cut` did not succeed')));
    await nextFrame(terminal);
    const marks = new Map(terminal.screen().map((line) => [line.split(/ +/)[1], line[0]]));
    expect(marks.get('cut')).not.toBe(marks.get('fine'));
    expect(marks.get('cut')).toBe(marks.get('left'));
    expect(terminal.screen().find((line) => line.includes('last'))).toMatch(/last +runs when all else has ended$/);
    await view.finish();
  });

  test('leaves the lines of the workers and the summary when it is over, and no listener on signals', async () => {
    const before = signals.map((signal) => process.listenerCount(signal));
    const { terminal, view } = await live();
    view.handle(runStarted(['build', 'deploy']));
    view.handle(started(0, 'build'));
    view.handle(output(10, 'build', 'compiling'));
    await nextFrame(terminal);
    expect(signals.map((signal) => process.listenerCount(signal))).toStrictEqual(before);
    view.handle(output(20, 'build', 'no such file', 'stderr'));
    view.handle(ended(30, 'build', exitedWith(3)));
    view.handle(ended(31, 'deploy', skippedBecause('`build` failed')));
    view.handle(runEnded(40, { outcome: 'failure', exitCode: 1, why: '`build` exited with 3' }));
    await view.finish();
    expect(terminal.screen()).toStrictEqual([
      '[build] compiling',
      '[build] no such file',
      'mpctl: `build` failed: exited with 3',
      'mpctl: `deploy` skipped: `build` failed',
      '',
      'name    state    exit  duration  attempts  why',
      'build   failed      3    100 ms         1  exited with 3',
      'deploy  skipped     -         -         -  `build` failed',
      'failed after 40 ms: `build` exited with 3 (run 20260102-030405-k3v9, logs in .mpctl/runs/20260102-030405-k3v9)',
      '',
    ]);
    expect(terminal.text('stderr')).toContain('[build] no such file\n');
    expect(signals.map((signal) => process.listenerCount(signal))).toStrictEqual(before);
  });

  test('keeps to the height of the terminal: one row for each wait, failures, then what runs', async () => {
    const { terminal, view } = await live({ rows: 8 });
    const names = Array.from({ length: 120 }, (_, index) => `worker-${index + 1}`);
    view.handle(runStarted(names));
    for (const name of names.slice(2, 5)) view.handle(ended(5, name));
    view.handle(ended(5, 'worker-90', { ...exitedWith(1), durationMs: 5 }));
    for (const name of names.slice(40, 60)) view.handle(started(5, name));
    for (const name of ['worker-1', 'worker-2']) {
      view.handle(
        event(5, {
          type: 'instance.waiting',
          instance: name,
          for: [{ kind: 'hold', name: 'tree', detail: 'lock', by: ['worker-41'] }],
        }),
      );
    }
    const frame = await nextFrame(terminal, 0);
    expect(frame).toStrictEqual([
      'mpctl: `worker-90` failed: exited with 1',
      '? worker-1 …  2 waiting for lock `tree`, held by `worker-41`',
      '? worker-6 …  94 not started',
      '? worker-90   failed after 5 ms: exited with 1',
      '? worker-41   running 0 ms',
      '? worker-42   running 0 ms',
      '… and 21 more: 18 running, 3 ended',
      '4 of 120 ended, 1 failed, 20 running, 96 waiting, 5 ms',
      '',
    ]);
    await view.finish();
  });

  test('leaves no frame behind when mpctl is stopped, and does not erase what the shell writes below', async () => {
    const { terminal, view } = await live({ columns: 100 });
    view.handle(runStarted(['a']));
    view.handle(started(0, 'a'));
    expect(await nextFrame(terminal, 0)).toStrictEqual(['? a  running 0 ms', '0 of 1 ended, 1 running, 0 waiting, 0 ms', '']);
    view.handle(event(0, { type: 'run.suspended' }));
    const suspended = 'mpctl: suspended, and every process with it: no deadline counts until it goes on';
    expect(terminal.screen()).toStrictEqual([suspended, '']);
    terminal.write('[1]+  Stopped\n');
    terminal.nowMs += 3000;
    view.handle(event(0, { type: 'run.continued', stoppedMs: 3000 }));
    expect(await nextFrame(terminal)).toStrictEqual([
      suspended,
      '[1]+  Stopped',
      'mpctl: going on after 3.0 s that count for no deadline',
      '? a  running 100 ms',
      '0 of 1 ended, 1 running, 0 waiting, 100 ms',
      '',
    ]);
    await view.finish();
  });

  test('says while it stops how long each has, and what the next Ctrl-C does', async () => {
    const { terminal, view } = await live({ columns: 100 });
    const stopping = (instance: string, signal: string, graceMs: number): RunEvent =>
      event(0, { type: 'instance.stopping', instance, signal, graceMs, why: 'mpctl was sent SIGINT', step: false });
    view.handle(runStarted(['polite', 'asked', 'short'], [{ name: 'hash', workers: 2 }]));
    for (const name of ['polite', 'asked', 'short']) view.handle(started(0, name));
    view.handle(event(0, { type: 'pool.started', pool: 'hash' }));
    // A task that ran into its timeout stops nothing but itself.
    view.handle(stopping('hash-2', 'SIGTERM', 5000));
    view.handle(output(0, 'polite', 'text'));
    expect((await nextFrame(terminal, 0)).slice(4, 5)).toStrictEqual(['? hash    0 done, 0 running']);
    view.handle(event(0, { type: 'run.signal', signal: 'SIGINT', rung: 1, killInMs: null }));
    view.handle(stopping('polite', 'SIGTERM', 5000));
    view.handle(stopping('asked', 'command', 3000));
    view.handle(stopping('short', 'SIGINT', 50));
    view.handle(stopping('hash-1', 'SIGTERM', 2000));
    expect((await nextFrame(terminal)).slice(1)).toStrictEqual([
      'mpctl: stopping the run: mpctl was sent SIGINT; press Ctrl-C again to leave everything 1 s',
      '? polite  stopping with SIGTERM, SIGKILL in 4.9 s',
      '? asked   stopping with its stop command, 2.9 s left',
      '? short   stopping with SIGKILL',
      '? hash    0 done, stopping with SIGTERM, SIGKILL in 1.9 s',
      'stopping, press Ctrl-C again to leave everything 1 s: 0 of 4 ended, 4 running, 0 waiting, 100 ms',
      '',
    ]);
    view.handle(event(100, { type: 'run.signal', signal: 'SIGINT', rung: 2, killInMs: 1000 }));
    expect((await nextFrame(terminal)).slice(2)).toStrictEqual([
      'mpctl: SIGINT again: everything has 1 s left; press Ctrl-C again to kill it now',
      '? polite  stopping with SIGTERM, SIGKILL in 900 ms',
      '? asked   stopping with its stop command, 900 ms left',
      '? short   stopping with SIGKILL',
      '? hash    0 done, stopping with SIGTERM, SIGKILL in 900 ms',
      'stopping, press Ctrl-C again to kill everything now: 0 of 4 ended, 4 running, 0 waiting, 200 ms',
      '',
    ]);
    view.handle(event(200, { type: 'run.signal', signal: 'SIGINT', rung: 3, killInMs: 0 }));
    expect((await nextFrame(terminal)).slice(3)).toStrictEqual([
      'mpctl: SIGINT: everything is killed now',
      '? polite  stopping with SIGKILL',
      '? asked   stopping with SIGKILL',
      '? short   stopping with SIGKILL',
      '? hash    0 done, stopping with SIGKILL',
      'killing everything: 0 of 4 ended, 4 running, 0 waiting, 300 ms',
      '',
    ]);
    await view.finish();
  });

  test('never writes a row that is wider than the terminal', async () => {
    const { terminal, view } = await live({ columns: 30 });
    view.handle(runStarted(['a-process-with-a-name-that-is-long', '漢字漢字漢字漢字漢字']));
    view.handle(
      event(0, {
        type: 'instance.waiting',
        instance: 'a-process-with-a-name-that-is-long',
        for: [{ kind: 'queue', name: 'work', detail: 'get', by: ['somebody'] }],
      }),
    );
    const first = await nextFrame(terminal);
    expect(first.every((line) => stringWidth(line) < 30)).toBe(true);
    // The first frame asks for what measures wide characters; once it is there, the next one has
    // it.
    await import('../../../src/report/wide-text.ts');
    const frame = await nextFrame(terminal);
    expect(frame).toStrictEqual([
      '? a-process-wit…  waiting fo…',
      '? 漢字漢字漢字…   not started',
      '0 of 2 ended, 0 running, 2 w…',
      '',
    ]);
    await view.finish();
  });

  test('ends even when the run breaks off without its last event', async () => {
    const { terminal, view } = await live();
    view.handle(runStarted(['a']));
    view.handle(output(1, 'a', 'last words'));
    await view.finish();
    expect(terminal.screen()).toStrictEqual(['[a] last words', '']);
  });
});

test('a screen that became narrower is wiped with the lines that its frame takes now', () => {
  const terminal = new FakeTerminal({ isTerminal: true, columns: 40 });
  const screen = new Screen(terminal, new TextRuler());
  screen.draw(['x'.repeat(30), 'y']);
  terminal.columns = 10;
  screen.draw([]);
  expect(terminal.writes.at(-1)?.text).toBe('\u001B[4A\r\u001B[J');
});
