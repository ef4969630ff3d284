import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../rig/temp-folder.ts';
import { until, untilTrue } from './harness/deadline.ts';
import { startRun, type FaultRunOptions } from './harness/fault-run.ts';
import { expectEnd, signalsIn } from './harness/oracles.ts';
import { zoo } from './harness/zoo.ts';

const counting = `processes: { counting: { command: [python3, ${zoo('count-signals.py')}, got, '0.3'] } }`;
/** Ends by itself when mpctl would have looked several times. */
const outliving = `processes: { outliving: { command: 'echo "pid $$"; until [ -e gone ]; do sleep 0.05; done; sleep 1.5' } }`;
const npm: FaultRunOptions = { prefix: ['npm', 'run', '--silent', 'go', '--'], files: { 'package.json': '{ "scripts": { "go": "env" } }' } };
const npx: FaultRunOptions = { prefix: ['sh', '-c', 'exec npx --offline -c "$*"', 'npx'] };
const step: FaultRunOptions = { prefix: ['bash', 'step.sh'], files: { 'step.sh': '"$@"\necho "the step goes on"\n' } };

/** Started with a standard input that is not empty for good, as a terminal or the pipe of a CI runner. */
const start = (spec: string, options: FaultRunOptions, flags: readonly string[] = []) =>
  startRun(spec, { ...options, streams: { stdin: path.join(tempFolder({ input: '' }), 'input') }, flags: ['--format', 'json', ...flags] });

describe('B: whoever has called mpctl and waits for it', () => {
  it.each([
    ['row 29: npm run is sent SIGTERM, which it does not pass on', npm, 'SIGTERM'],
    ['row 29: npm run is killed, and its shell waits on', npm, 'SIGKILL'],
    ['row 30: npx is sent SIGTERM', npx, 'SIGTERM'],
    ['row 30: the shell of a script is sent SIGTERM', step, 'SIGTERM'],
  ] as const)('%s', async (_, options, signal) => {
    const run = await start(counting, options);
    await run.workerPids(1);
    await run.signal(signal);
    // It looks every 400 ms, and the worker takes 300 ms.
    await expectEnd(run, { status: {}, withinMs: 2000, outcome: 'cancelled' });
    expect(signalsIn(run.file('got'))).toEqual(['SIGCONT', 'SIGTERM']);
    expect(run.output('stdout')).not.toContain('the step goes on');
    expect(run.eventsOf('run.signal')).toMatchObject([{ signal: 'SIGHUP', rung: 1, orphaned: true }]);
    expect(run.found()?.record.end).toMatchObject({ signal: 'SIGHUP', exitCode: 129 });
  });

  it('row 29: mpctl was sent SIGTERM together with npm, and dies of that', async () => {
    const run = await start(counting.replace("'0.3'", "'1.5'"), npm);
    await run.workerPids(1);
    const own = await run.ownPid();
    await run.namespace.signal(own, 'SIGTERM');
    await run.signal('SIGTERM');
    await expectEnd(run, { status: {}, withinMs: 3000, outcome: 'cancelled' });
    expect(signalsIn(run.file('got'))).toEqual(['SIGCONT', 'SIGTERM']);
    expect(run.eventsOf('run.signal').map(({ signal, rung }) => [signal, rung])).toEqual([['SIGTERM', 1]]);
    expect(run.found()?.record.end).toMatchObject({ signal: 'SIGTERM' });
  });

  it('is believed where it says so: --on-parent-exit stop', async () => {
    const run = await start(counting, { prefix: ['setsid', '--fork', '--wait'] }, ['--on-parent-exit', 'stop']);
    await run.workerPids(1);
    await run.signal('SIGKILL');
    await expectEnd(run, { status: { signal: 'SIGKILL' }, withinMs: 2000, outcome: 'cancelled' });
  });
});

describe('B: process 1 of a container', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)('row 32: is sent %s, and has zombies of others', async (signal) => {
    // Its children are reaped by nobody when their own parents have ended, and are of the group that is stopped.
    const spec = `processes: { parent: { command: 'for i in 1 2 3; do (sleep 0.01 &); done; echo "pid $$"; exec sleep 300' } }`;
    const run = await startRun(spec, { prefix: ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'] });
    await run.workerPids(1);
    const { processes } = run.namespace;
    const first = processes.all().find(({ parent }) => parent === run.pid);
    const isOrphan = ({ parent, state }: { parent: number; state: string }): boolean => parent === first?.pid && state === 'Z';
    await untilTrue(() => processes.all().filter(isOrphan).length === 3, 'three zombies');
    await run.namespace.signal(first?.pid ?? 0, signal);
    await expectEnd(run, { status: { exitCode: 128 + constants.signals[signal] }, withinMs: 1000, outcome: 'cancelled' });
    expect(run.eventsOf('warning')).toMatchObject([{ code: 'MP831', message: expect.stringContaining('docker run --init') as string }]);
    expect(run.eventsOf('instance.ended')).toMatchObject([{ state: 'stopped', signal: signal === 'SIGQUIT' ? 'SIGKILL' : 'SIGTERM' }]);
  });
});

describe('B: whoever has called mpctl and does not wait for it may end', () => {
  it.each([
    ['in the background of a script', { prefix: ['bash', '-c', '"$@" & wait', 'script'] }, []],
    ['with nohup in the background of a script', { prefix: ['bash', '-c', 'nohup "$@" & wait', 'script'] }, []],
    ['at the end of a pipe in the background of a script', { prefix: ['bash', '-c', 'tail -f /dev/null | "$@" & wait', 'script'] }, []],
    ['as a job of a shell', { prefix: ['bash', '-c', 'set -m; "$@" & wait', 'shell'] }, []],
    ['with setsid', { prefix: ['setsid', '--fork', '--wait'] }, []],
    ['with npm in the background of a script', { ...npm, prefix: ['bash', '-c', '"$@" & wait', 'script', ...(npm.prefix ?? [])] }, []],
    ['with --on-parent-exit continue', step, ['--on-parent-exit', 'continue']],
  ] as const)('%s', async (_, options, flags) => {
    const run = await start(outliving, options, flags);
    await run.workerPids(1);
    await run.signal('SIGTERM');
    await run.ended();
    writeFileSync(run.inside('gone'), '');
    await until(() => run.found()?.record.end ?? null, () => `the end of the run: ${run.output('stdout')}`);
    expect(run.found()?.record.end).toMatchObject({ outcome: 'success' });
    expect(run.eventsOf('run.signal')).toEqual([]);
  });

  it.each([
    ['and what it says is lost', '', 4],
    ['and what it says goes to a file', '> out 2>&1', 0],
  ])('row 20: as a job that an interactive shell disowns, whose terminal is closed, %s', async (_, redirection, code) => {
    const line = `{ "$@" ${redirection}; echo $? > status; } & disown; read -r line`;
    const run = await startRun(outliving.replace('until', 'echo up > started; until'), { onTerminal: true, prefix: ['bash', '-ic', line, 'shell'] });
    await run.fileWith('started', /up/u);
    await run.type('\n');
    await run.ended();
    await run.namespace.hangUp(run.pid);
    writeFileSync(run.inside('gone'), '');
    const [status] = await run.fileWith('status', /^\d+$/mu);
    expect(Number(status)).toBe(code);
    expect(run.found()?.record.end).toMatchObject({ outcome: 'success' });
  });
});
