import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../rig/temp-folder.ts';
import { untilTrue } from './harness/deadline.ts';
import { startRun } from './harness/fault-run.ts';
import { openNamespace } from './harness/namespace.ts';
import { descriptorsOf, expectEnd, signalsIn } from './harness/oracles.ts';
import { zoo } from './harness/zoo.ts';

const counting = `processes: { counting: { command: [python3, ${zoo('count-signals.py')}, got, '0.3'] } }`;
const stubborn = `
processes:
  stubborn: { command: 'trap "" TERM INT HUP; echo "pid $$"; while :; do sleep 0.05; done', stop: { grace_period: 60s } }
`;
const sleeping = `processes: { sleeping: { command: 'echo "pid $$"; exec sleep 300' } }`;
const interrupted = { status: { signal: 'SIGINT' }, outcome: 'cancelled' } as const;

describe('B: a signal', () => {
  it('row 18: SIGTERM to mpctl alone', async () => {
    const run = await startRun(counting);
    await run.workerPids(1);
    await run.signal('SIGTERM');
    await expectEnd(run, { status: { signal: 'SIGTERM' }, withinMs: 1500, outcome: 'cancelled' });
    expect(signalsIn(run.file('got'))).toEqual(['SIGCONT', 'SIGTERM']);
  });

  it('row 19: SIGINT, which GitHub follows by SIGTERM after 7.5 s and by SIGKILL after 10 s, with two generations that ignore SIGTERM', async () => {
    const ignores = 'trap "" TERM; echo "pid $$"; while :; do sleep 0.05; done';
    const run = await startRun(`
daemons: { base: { command: '${ignores}' } }
processes: { top: { command: '${ignores}', depends_on: [base] } }
`);
    await run.workerPids(2);
    await run.signal('SIGINT');
    await expectEnd(run, { ...interrupted, withinMs: 7500 });
    const heard = run.eventsOf('run.signal')[0]?.at ?? Number.NaN;
    const took = (run.eventsOf('run.ended')[0]?.at ?? Number.NaN) - heard;
    // Each has 5 s, which would be 10 s.
    expect(took).toBeGreaterThan(6900);
    expect(took).toBeLessThan(9900);
  });

  it('row 27: SIGTERM, when a worker has been stopped by SIGSTOP', async () => {
    const run = await startRun(counting);
    const [worker = 0] = await run.workerPids(1);
    await run.namespace.signal(worker, 'SIGSTOP');
    await untilTrue(() => run.namespace.processes.see(worker)?.state === 'T', 'a stopped worker');
    await run.signal('SIGTERM');
    await expectEnd(run, { status: { signal: 'SIGTERM' }, withinMs: 1500, outcome: 'cancelled' });
    expect(run.eventsOf('instance.ended')).toMatchObject([{ state: 'stopped', exitcode: 0, signal: null }]);
    expect(signalsIn(run.file('got'))).toEqual(['SIGCONT', 'SIGTERM']);
  });

  it('row 28: SIGQUIT tells how everything stands, and kills all of it at once', async () => {
    const run = await startRun(`
locks: { db: {} }
queues: { jobs: { capacity: 1 } }
processes:
  holder: { command: 'trap "" TERM; echo "pid $$"; while :; do sleep 0.05; done', with: [db], timeout: 1h, stop: { grace_period: 60s } }
  blocked: { command: 'true', with: [db] }
  taker: { steps: [{ get: jobs, as: job }, { print: x }] }
  later: { command: 'exit 0', depends_on: [holder], uses: { jobs: put } }
pools: { work: { workers: 2, command: 'echo "pid $$"; exec sleep 300', tasks: [a, b, c] } }
`);
    await run.workerPids(3);
    await run.signal('SIGQUIT');
    await expectEnd(run, { status: { signal: 'SIGQUIT' }, withinMs: 1000, outcome: 'cancelled' });
    const dump = run.output('stderr');
    expect(dump).toMatch(/^NAME +STATE +FOR +PID +EXITCODE +ATTEMPT +WAITS FOR$/mu);
    expect(dump).toMatch(/^holder +running +[\d.]+ m?s +\d+ +- +1$/mu);
    expect(dump).toMatch(/^blocked +waiting +\d+.*lock `db`, held by `holder`$/mu);
    expect(dump).toMatch(/^taker +running .*an item of queue `jobs`, can be filled by `later`$/mu);
    expect(dump).toMatch(/^later +waiting .*`holder` \(success\)$/mu);
    expect(dump.match(/^ {2}work-[12]: task [01] \(`[ab]`\) +running +[\d.]+ m?s +\d+ +- +1$/gmu)).toHaveLength(2);
    expect(dump).toMatch(/^db +lock +0 of 1 +holder +1$/mu);
    expect(dump).toMatch(/^(?:59 m \d\d s|1 h 00 m) +the timeout of `holder`$/mu);
    expect(run.eventsOf('instance.ended').find(({ instance }) => instance === 'holder')).toMatchObject({ signal: 'SIGKILL' });
  });

  it('row 33: a thousand of SIGUSR1, SIGCHLD and SIGWINCH each', async () => {
    const run = await startRun(counting);
    await run.workerPids(1);
    await run.guardian();
    const expectSame = descriptorsOf(run);
    await run.signal(['SIGUSR1', 'SIGCHLD', 'SIGWINCH'], 1000);
    // Whatever it does with them has happened when it answers to the next one.
    await expectSame();
    await run.signal('SIGTERM');
    await expectEnd(run, { status: { signal: 'SIGTERM' }, withinMs: 2000, outcome: 'cancelled' });
    expect(run.output('stderr')).toBe('');
    expect(signalsIn(run.file('got'))).toEqual(['SIGCONT', 'SIGTERM']);
  });
});

describe('B: on a terminal', () => {
  it('row 13: Ctrl-C once asks each worker once', async () => {
    const run = await startRun(counting, { onTerminal: true });
    await run.workerPids(1);
    await run.type('\u0003');
    await expectEnd(run, { ...interrupted, withinMs: 1500 });
    expect(signalsIn(run.file('got'))).toEqual(['SIGCONT', 'SIGTERM']);
  });

  it('row 13: Ctrl-C once ends the loop of a shell around it', async () => {
    const loop = 'for i in 1 2 3; do "$@"; echo "iteration $i is over"; done';
    const run = await startRun(counting, { onTerminal: true, prefix: ['bash', '-c', loop, 'loop'] });
    await run.workerPids(1);
    await run.type('\u0003');
    await expectEnd(run, { ...interrupted, withinMs: 1500 });
    expect(run.output('screen')).not.toContain('is over');
    expect(readdirSync(path.join(run.cwd, '.mpctl', 'runs'))).toHaveLength(1);
  });

  it('row 14: Ctrl-C twice with a worker that ignores SIGTERM', async () => {
    const run = await startRun(stubborn, { onTerminal: true });
    await run.workerPids(1);
    await run.type('\u0003');
    await run.line(/press Ctrl-C again/u);
    await delay(500);
    await run.type('\u0003');
    // The second one leaves everything a second.
    await expectEnd(run, { ...interrupted, withinMs: 1500 });
  });

  it('row 15: Ctrl-C ten times in 100 ms', async () => {
    const run = await startRun(stubborn, { onTerminal: true });
    await run.workerPids(1);
    for (let press = 0; press < 10; press += 1) {
      await run.type('\u0003');
      await delay(10);
    }
    // They are one; another one half a second later is the second.
    await delay(500);
    await run.type('\u0003');
    await expectEnd(run, { ...interrupted, withinMs: 1500 });
    expect(run.output('screen')).not.toContain('MP001');
  });

  it('row 16: Ctrl-C at 20 moments of the start', async () => {
    const namespace = await openNamespace();
    const steps = Array.from({ length: 20 }, (_, at) => `  s${String(at)}: { command: 'echo started >> starts; sleep 0.01'${at === 0 ? '' : `, depends_on: [s${String(at - 1)}]`} }`);
    // It does not end by itself before the key is pressed.
    const spec = `processes:\n${steps.join('\n')}\n  last: { command: [sleep, '300'], depends_on: [s19] }\n`;
    for (let afterMs = 0; afterMs < 500; afterMs += 25) {
      const run = await startRun(spec, { namespace, onTerminal: true });
      await delay(afterMs);
      await run.type('\u0003');
      const before = run.file('starts').length;
      await expectEnd(run, { status: { signal: 'SIGINT' }, withinMs: 1000 });
      // One was on its way.
      expect((run.file('starts').length - before) / 'started\n'.length).toBeLessThanOrEqual(2);
    }
  }, 120_000);

  it('row 17: Ctrl-C while a process waits to be started again', async () => {
    const run = await startRun(`processes: { failing: { command: exit 1, restart: on_failure, backoff: { initial: 60s, max: 60s } } }`, { onTerminal: true, flags: ['--format', 'json'] });
    await run.event('instance.restarting');
    await run.type('\u0003');
    await expectEnd(run, { ...interrupted, withinMs: 500 });
    expect(run.eventsOf('instance.started')).toHaveLength(1);
  });

  it('row 28: Ctrl-\\ tells above the rows of the view how everything stands', async () => {
    const run = await startRun(stubborn, { onTerminal: true });
    await run.workerPids(1);
    await run.type('\u001C');
    await expectEnd(run, { status: { signal: 'SIGQUIT' }, withinMs: 1000, outcome: 'cancelled' });
    const screen = run.output('screen');
    expect(screen).toMatch(/^stubborn +running +[\d.]+ m?s +\d+ +- +1\r$/mu);
    // The rows were gone before: what is drawn over later is none of it.
    expect(screen.slice(0, screen.indexOf('mpctl: SIGQUIT'))).toMatch(/A\r\S\[J$/u);
  });

  it('row 20: the terminal is closed', async () => {
    const run = await startRun(sleeping, { onTerminal: true });
    await run.workerPids(1);
    await run.namespace.hangUp(run.pid);
    await expectEnd(run, { status: { signal: 'SIGHUP' }, withinMs: 1000, outcome: 'cancelled' });
  });

  it('row 26: the terminal gets another size', async () => {
    const run = await startRun(
      `
processes:
  with-terminal: { command: [python3, ${zoo('count-signals.py')}, with, '0'], tty: true }
  without: { command: [python3, ${zoo('count-signals.py')}, without, '0'] }
`,
      { onTerminal: true },
    );
    await run.workerPids(2);
    await run.namespace.resize(run.pid, 71, 33);
    await run.fileWith('with', /SIGWINCH/u);
    await run.type('\u0003');
    await expectEnd(run, { ...interrupted, withinMs: 1500 });
    expect(run.file('with')).toContain('SIGWINCH');
    expect(signalsIn(run.file('without'))).toEqual(['SIGCONT', 'SIGTERM']);
  });

  it('row 31: Ctrl-C with npm in front of it', async () => {
    const run = await startRun(counting.replace("'0.3'", "'1'"), {
      onTerminal: true,
      prefix: ['npm', 'run', '--silent', 'go', '--'],
      files: { 'package.json': '{ "scripts": { "go": "env" } }' },
    });
    await run.workerPids(1);
    await run.type('\u0003');
    await expectEnd(run, { status: {}, withinMs: 3000, outcome: 'cancelled' });
    expect(signalsIn(run.file('got'))).toEqual(['SIGCONT', 'SIGTERM']);
    expect(run.found()?.record.end).toMatchObject({ signal: 'SIGINT' });
  });
});

describe('B: its streams', () => {
  it('row 22: nobody reads its output any more', async () => {
    const statusFile = path.join(tempFolder(), 'status');
    const pipeline = `"$@" | head -n 1 > /dev/null; echo "\${PIPESTATUS[0]}" > ${statusFile}`;
    const run = await startRun(`processes: { talking: { command: 'trap "exit 0" TERM; while :; do echo tick; sleep 0.02; done' } }`, { prefix: ['bash', '-c', pipeline, 'pipeline'] });
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 2000, outcome: 'cancelled' });
    expect(run.output('stderr')).not.toMatch(/MP001|^\s+at /mu);
    expect(run.found()?.record.end).toMatchObject({ signal: 'SIGPIPE', exitCode: 141 });
    await run.fileWith(path.relative(run.cwd, statusFile), /^141$/mu);
  });

  it('row 23: its output is full', async () => {
    const run = await startRun(`processes: { working: { command: 'echo 1; echo 2; echo 3; sleep 0.1; touch done' } }`, { streams: { stdout: '/dev/full' } });
    await expectEnd(run, { status: { exitCode: 4 }, withinMs: 2000, outcome: 'success' });
    expect(readdirSync(run.cwd)).toContain('done');
    expect(run.output('stderr').match(/error\[MP\d+\]/gu)).toHaveLength(1);
    expect(run.output('stderr')).toContain('ENOSPC');
  });

  it.each(['', 'stdin', 'stdout', 'stderr', 'stdin stdout', 'stdin stderr', 'stdout stderr', 'stdin stdout stderr'])('row 24: closed are: %s', async (closed) => {
    const streams = Object.fromEntries(closed.split(' ').map((name) => [name, null]));
    const run = await startRun(`processes: { working: { command: 'echo out; echo err >&2; cat; echo done > done' } }`, { streams });
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 2000, outcome: 'success' });
    expect(run.file('done')).toBe('done\n');
  });
});
