import { chownSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../rig/temp-folder.ts';
import { untilTrue } from './harness/deadline.ts';
import { type FaultRun, startRun } from './harness/fault-run.ts';
import { startAt } from './harness/levels.ts';
import { expectEnd } from './harness/oracles.ts';
import type { SeenProcess } from './harness/process-look.ts';
import { runningOf } from './harness/running-of.ts';

const nobody = 65_534;
/** Counts the signals that it gets, and ends by itself soon after the first. */
const counter = `trap 'echo stopped >> stops' TERM; echo "pid $$"; until [ -e stops ]; do sleep 0.02; done; sleep 0.3`;

/** Calls a command of another terminal, beside the namespace of the run. */
async function beside(run: FaultRun, verb: string, flags: readonly string[] = []): Promise<string> {
  const called = await startRun('', { namespace: run.namespace, cwd: run.cwd, verb, flags });
  await untilTrue(() => run.namespace.endOf(called.pid) !== null, `the end of mpctl ${verb}`);
  return called.output('stdout') + called.output('stderr');
}

describe('K: a run in a PID namespace', () => {
  it.each([
    ['an exit code', 'shutdown: 3', { exitCode: 3 }],
    ['an exit code that a shell shows of a signal', 'shutdown: 130', { exitCode: 130 }],
    ['a failure', 'exit: 3', { exitCode: 1 }],
  ] as const)('ends as it would outside: %s', async (_, step, status) => {
    const run = await startAt('pidns', `processes: { leader: { steps: [{ ${step} }] } }`);
    if (run === null) return;
    await expectEnd(run, { status, withinMs: 1500 });
  });

  it('sees nobody else, and is known to other terminals by the pid of the mpctl that was called', async () => {
    const run = await startAt('pidns', `processes: { leader: { command: 'ls -d /proc/[0-9]* | wc -l > count; echo "pid $$"; exec sleep 300' } }`);
    if (run === null) return;
    const [inner = 0] = await run.workerPids(1);
    await run.fileWith('count', /^\d+\n/u);
    // Itself and its pipeline, mpctl, its guardian, and process 1 with its leash.
    expect(Number(run.file('count'))).toBeLessThanOrEqual(9);
    const { pid, inside } = run.found()?.record ?? {};
    expect(pid).toBe(run.pid);
    expect(inside?.pid).toBeLessThan(inner);
    expect(run.eventsOf('run.started')).toMatchObject([{ pid: run.pid }]);
    const processes = run.namespace.processes.living();
    expect(processes.find(({ command }) => command === 'sleep 300')?.pid).not.toBe(inner);
    const ps = await beside(run, 'ps');
    expect(ps).toMatch(new RegExp(`^leader +running .* ${String(inner)} `, 'mu'));
    expect(await beside(run, 'clean')).toContain('no run of this folder has left anything');
    expect(await beside(run, 'stop')).not.toContain('error');
    await expectEnd(run, { status: { exitCode: null, signal: 'SIGTERM' }, withinMs: 1500, outcome: 'cancelled' });
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is stopped by %s to the mpctl that was called', async (signal) => {
    const run = await startAt('pidns', `processes: { counter: { command: ${JSON.stringify(counter)} } }`);
    if (run === null) return;
    await run.workerPids(1);
    await run.signal(signal);
    await expectEnd(run, { status: { signal }, withinMs: 1500, outcome: 'cancelled' });
    expect(run.file('stops')).toBe('stopped\n');
  });

  it('is stopped when whoever has called it is gone', async () => {
    const spec = `{ containment: pidns, processes: { counter: { command: ${JSON.stringify(counter)} } } }`;
    const run = await startRun(spec, { flags: ['--format', 'json', '--on-parent-exit', 'stop'], prefix: ['sh', '-c', '"$@"; exit 9', 'sh'] });
    await run.workerPids(1);
    await run.signal('SIGTERM');
    await run.ended();
    await untilTrue(() => run.eventsOf('run.ended').length > 0, 'the end of the run', 2000);
    await untilTrue(() => run.namespace.processes.living().length === 0, 'an empty process table', 1000);
    expect(run.file('stops')).toBe('stopped\n');
    expect(run.found()?.record.end?.outcome).toBe('cancelled');
  });

  it('is stopped once by one Ctrl-C, which reaches both', async () => {
    const run = await startRun(`{ containment: pidns, processes: { counter: { command: ${JSON.stringify(counter)} } }, finally: { tidy: { command: 'sleep 0.5; touch tidied' } } }`, { onTerminal: true });
    await run.workerPids(1);
    await run.type('\u0003');
    await expectEnd(run, { status: { signal: 'SIGINT' }, withinMs: 2500, outcome: 'cancelled' });
    expect(run.file('stops')).toBe('stopped\n');
    // A second one would have killed it.
    await run.fileWith('tidied', /^$/u, 1);
    expect(run.found()?.record.end?.outcome).toBe('cancelled');
  });

  it('stands still on Ctrl-Z with both mpctls and all workers, until fg', async () => {
    const spec = `{ containment: pidns, processes: { counter: { command: ${JSON.stringify(counter)} } } }`;
    const prefix = ['bash', '--norc', '-i', '-s'];
    const run = await startRun(spec, { onTerminal: true, flags: ['--format', 'json'], prefix, env: { PS1: 'ready> ', TERM: 'dumb' } });
    await run.line(/ready> $/u);
    await run.type('"$@"\r');
    await run.workerPids(1);
    await run.type('\u001A');
    const { processes } = run.namespace;
    const ofRun = (): readonly SeenProcess[] => {
      const workers = new Set(processes.marked().map(({ pid }) => pid));
      return processes.living().filter(({ pid, command }) => workers.has(pid) || command.startsWith(`${process.execPath} `));
    };
    await untilTrue(() => runningOf(ofRun()).length === 0, () => JSON.stringify(runningOf(ofRun())), 1000);
    expect(ofRun().length).toBeGreaterThanOrEqual(3);
    // The shell has the terminal as soon as the mpctl that was called has stopped, and the other one still tells that.
    await run.line(/Stopped.*\s+ready> /su);
    await run.type('fg\r');
    await untilTrue(() => ofRun().every(({ state }) => state !== 'T'), () => JSON.stringify(ofRun()), 1000);
    await run.type('\u0003');
    await run.event('run.ended');
    await run.line(/ready> $/u);
    await run.type('exit\r');
    await expectEnd(run, { status: { exitCode: 130 }, withinMs: 1500, outcome: 'cancelled' });
    expect(run.eventsOf('run.continued')).toHaveLength(1);
    expect(run.file('stops')).toBe('stopped\n');
  });

  it('is stopped when its terminal is closed', async () => {
    const run = await startRun(`{ containment: pidns, processes: { counter: { command: ${JSON.stringify(counter)} } } }`, { onTerminal: true });
    await run.workerPids(1);
    await run.namespace.hangUp(run.pid);
    await expectEnd(run, { status: { signal: 'SIGHUP' }, withinMs: 2000, outcome: 'cancelled' });
    expect(run.file('stops')).toBe('stopped\n');
  });

  it('has the spec that came from standard input, or else standard input', async () => {
    const files = { 'piped.yaml': `{ containment: pidns, processes: { a: { command: touch begun } } }`, words: 'some words\n' };
    const piped = await startRun('', { files, flags: ['-', '--format', 'json'], prefix: ['sh', '-c', 'exec "$@" <piped.yaml', 'sh'] });
    await expectEnd(piped, { status: { exitCode: 0 }, withinMs: 1500, outcome: 'success' });
    const reading = await startRun(`{ containment: pidns, processes: { a: { command: 'cat > heard', stdin: inherit } } }`, { files, prefix: ['sh', '-c', 'exec "$@" <words', 'sh'] });
    await expectEnd(reading, { status: { exitCode: 0 }, withinMs: 1500, outcome: 'success' });
    expect(reading.file('heard')).toBe('some words\n');
  });

  it('says what is wrong with a spec once', async () => {
    const run = await startRun(`{ containment: pidns, pools: { p: { workers: 1, command: 'true' } } }`);
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 1500 });
    expect(run.output('stderr').match(/warning\[MP607\]/gu)).toHaveLength(1);
  });

  it('is had by whoever is not root, in a user namespace', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': `{ containment: pidns, processes: { a: { command: 'env -i setsid sh -c "touch away; exec sleep 4242" & until [ -e away ]; do sleep 0.01; done; id -u > user' } } }` });
    chownSync(cwd, nobody, nobody);
    const options = { cwd, prefix: ['setpriv', '--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'] };
    const run = await startAt('pidns', '', options);
    if (run === null) return;
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 1500, outcome: 'success' });
    expect(run.file('user')).toBe(`${String(nobody)}\n`);
    expect(run.eventsOf('warning')).toMatchObject([{ code: 'MP849' }]);
  });
});
