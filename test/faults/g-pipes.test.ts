import { describe, expect, it } from 'vitest';
import { untilTrue } from './harness/deadline.ts';
import { startRun } from './harness/fault-run.ts';
import { expectEnd } from './harness/oracles.ts';

const success = { status: { exitCode: 0 }, withinMs: 2000, outcome: 'success' } as const;
const terminated = { status: { signal: 'SIGTERM' }, withinMs: 1500, outcome: 'cancelled' } as const;
const pipe = 'pipes: { flow: { from: source, to: sink, via: stdio } }\n';

describe('G: a pipe between workers', () => {
  it('row 68: its reader ends early', async () => {
    const run = await startRun(`${pipe}processes: { source: { command: ['yes'] }, sink: { command: [head, -n, '1'] } }`);
    await expectEnd(run, success);
    expect(run.eventsOf('instance.ended').find(({ instance }) => instance === 'source')).toMatchObject({ signal: 'SIGPIPE' });
  });

  it('row 69: its reader cannot be started', async () => {
    const run = await startRun(`${pipe}processes: { source: { command: ['yes'], stop: { grace_period: 60s } }, sink: { command: [no-such-command] } }`);
    await expectEnd(run, { status: { exitCode: 1 }, withinMs: 1500, outcome: 'failure' });
    expect(run.eventsOf('instance.ended').find(({ instance }) => instance === 'sink')).toMatchObject({ reason: 'failed_to_start', exitcode: 127 });
  });

  it('row 70: its reader is killed and started again', async () => {
    const run = await startRun(`${pipe}
processes:
  source: { command: 'n=0; while [ ! -e enough ]; do printf "%06d\\n" $n; n=$((n + 1)); sleep 0.002; done' }
  sink: { command: 'echo "pid $$"; while read n; do echo "read $n"; done', restart: on_failure, backoff: { initial: 50ms } }
`);
    const [first = 0] = await run.workerPids(1);
    await run.line(/read 000020"/u);
    await run.namespace.signal(first, 'SIGKILL');
    await run.workerPids(2);
    // A line of which the first one had read a part is no longer one.
    const read = (): readonly number[] => run.eventsOf('output').flatMap(({ line }) => (/^read \d{6}$/u.test(line) ? [Number(line.slice(5))] : []));
    const before = read().length;
    await untilTrue(() => read().length > before + 20, 'the second reader to read');
    await run.namespace.start({ argv: ['touch', 'enough'], cwd: run.cwd, env: { PATH: process.env['PATH'] ?? '' } });
    await expectEnd(run, success);
    const numbers = read();
    // In order, and but for one that was in hand, all of them.
    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect((numbers.at(-1) ?? Number.NaN) + 1 - numbers.length).toBeLessThanOrEqual(1);
  });

  it('row 71: its reader is slow', async () => {
    const run = await startRun(`${pipe}processes: { source: { command: ['yes'] }, sink: { command: 'echo "pid $$" >&2; exec sleep 300' } }`);
    await run.workerPids(1);
    const { processes } = run.namespace;
    const { pid } = await run.event('instance.started', ({ instance }) => instance === 'source');
    // It has filled the pipe, and sleeps in its write.
    await untilTrue(() => processes.wchan(pid ?? 0).includes('pipe_w'), 'a source that waits for its reader');
    await run.guardian();
    const { pid: own } = run;
    const cpuBefore = processes.cpuMs(own) + processes.cpuMs(pid ?? 0);
    const begun = performance.now();
    await untilTrue(() => performance.now() - begun >= 2000, 'two seconds');
    // One hundredth of that time, and the granularity of the account.
    expect(processes.cpuMs(own) + processes.cpuMs(pid ?? 0) - cpuBefore).toBeLessThanOrEqual(30);
    expect(run.eventsOf('output').map(({ line }) => line.slice(0, 3))).toEqual(['pid']);
    await run.signal('SIGTERM');
    await expectEnd(run, terminated);
  });

  it('row 72: nobody has an end that is not its own', async () => {
    const run = await startRun(`
pipes:
  one: { from: a, to: b, via: stdio }
  two: { from: c, to: d, via: stdio }
processes:
  a: { command: [sleep, '300'] }
  b: { command: [sleep, '300'] }
  c: { command: [sleep, '300'] }
  d: { command: [sleep, '300'] }
  plain: { command: [sleep, '300'], replicas: 24 }
  shell: { command: 'sleep 300; true' }
pools:
  many: { workers: 2, command: [sleep, '300'], tasks: [1, 2] }
`);
    const { processes } = run.namespace;
    const sleeping = () => processes.living().filter(({ command }) => command === 'sleep 300');
    await untilTrue(() => sleeping().length === 31, () => `31 workers, ${JSON.stringify(sleeping())}`);
    const ends = sleeping().map(({ pid }) => processes.descriptors(pid));
    // A task of a pool has the pipe that says whether anybody of it lives, too.
    const more = ends.flatMap((open) => [...open].filter(([number]) => number > 2));
    expect(more.map(([number]) => number)).toEqual([9, 9]);
    expect(new Set(more.map(([, name]) => name)).size).toBe(2);
    const shared = ends.flatMap((open) => [...open.values()].filter((name) => name.includes('fifo') || name.startsWith('pipe:')));
    // Each pipe between two of them twice, and all others once.
    const counts = new Map<string, number>();
    for (const name of shared) counts.set(name, (counts.get(name) ?? 0) + 1);
    expect([...counts.values()].filter((count) => count > 2)).toEqual([]);
    expect([...counts.values()].filter((count) => count === 2)).toHaveLength(2);
    await run.signal('SIGTERM');
    await expectEnd(run, terminated);
  });
});
