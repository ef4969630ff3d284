import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type FaultRun, startRun } from './harness/fault-run.ts';
import { expectEnd } from './harness/oracles.ts';

const failure = { status: { exitCode: 1 }, outcome: 'failure' } as const;
const success = { status: { exitCode: 0 }, outcome: 'success' } as const;

/** What of its end an instance is told to have. */
function endOf(run: FaultRun, name: string) {
  return run.eventsOf('instance.ended').find(({ instance }) => instance === name);
}

describe('E: what a worker ends with', () => {
  it('row 55: every exit code from 0 to 255', async () => {
    const run = await startRun(`on_failure: continue\nmax_parallel: 16\nprocesses: { code: { replicas: 256, command: 'exit $((MPCTL_REPLICA - 1))' } }`);
    await expectEnd(run, { ...failure, withinMs: 8000 });
    const codes = Array.from({ length: 256 }, (_, code) => code);
    expect(codes.map((code) => endOf(run, `code-${String(code + 1)}`)).map((end) => [end?.exitcode, end?.shellCode])).toEqual(codes.map((code) => [code, code]));
    expect(codes.map((code) => endOf(run, `code-${String(code + 1)}`)?.state)).toEqual(codes.map((code) => (code === 0 ? 'succeeded' : 'failed')));
  });

  it('row 56: every signal that ends a process', async () => {
    const harmless = new Set(['SIGCHLD', 'SIGCONT', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGWINCH']);
    const names = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));
    const numbers = Array.from({ length: 31 }, (_, at) => at + 1).filter((number) => !harmless.has(names.get(number) ?? ''));
    const run = await startRun(`on_failure: continue\nprocesses: { signal: { matrix: { n: [${numbers.join(', ')}] }, command: 'kill -s $MATRIX_N $$' } }`);
    await expectEnd(run, { ...failure, withinMs: 4000 });
    const told = numbers.map((number) => endOf(run, `signal-${String(number)}`));
    expect(told.map((end) => [end?.reason, end?.exitcode, end?.shellCode])).toEqual(numbers.map((number) => ['signalled', -number, 128 + number]));
    // Two numbers have two names each.
    expect(told.map((end) => constants.signals[end?.signal as NodeJS.Signals])).toEqual(numbers);
  });

  it.each([
    ['the signal', 'echo up; exec sleep 300', -15],
    ['143', 'trap "exit 143" TERM; echo up; while :; do sleep 0.02; done', 143],
  ])('row 57: %s, when it was asked to stop', async (_, command, exitcode) => {
    const run = await startRun(`
processes:
  worker: { command: '${command}', sets: { ready: up }, readiness_probe: { log_line: up } }
  stopper: { steps: [{ wait: up }, { terminate: worker }] }
events: { up: }
`);
    await expectEnd(run, { ...success, withinMs: 1500 });
    expect(endOf(run, 'worker')).toMatchObject({ state: 'stopped', reason: 'stopped', exitcode, shellCode: exitcode < 0 ? 128 - exitcode : exitcode });
  });

  it('row 58: a failure of its own, when the run is stopped for the failure of another', async () => {
    const run = await startRun(`
processes:
  first: { command: 'while [ ! -e up ]; do sleep 0.01; done; exit 7' }
  second: { command: 'trap "exit 3" TERM; touch up; while :; do sleep 0.02; done' }
`);
    await expectEnd(run, { ...failure, withinMs: 1500 });
    expect(endOf(run, 'second')).toMatchObject({ state: 'stopped', exitcode: 3 });
    expect(run.eventsOf('run.ended')).toMatchObject([{ exitCode: 1, why: '`first` failed: it exited with 7' }]);
  });

  it('row 58: a failure of its own, when mpctl was sent a signal', async () => {
    const run = await startRun(`processes: { worker: { command: 'trap "exit 3" TERM; echo "pid $$"; while :; do sleep 0.02; done' } }`);
    await run.workerPids(1);
    await run.signal('SIGINT');
    await expectEnd(run, { status: { signal: 'SIGINT' }, withinMs: 1500, outcome: 'cancelled' });
    expect(endOf(run, 'worker')).toMatchObject({ state: 'stopped', exitcode: 3 });
  });

  it.each([
    ['a success', '', success, 'succeeded'],
    ['a failure with `pipefail: true`', ', pipefail: true', failure, 'failed'],
  ] as const)('row 59: SIGPIPE, since whoever reads its output has ended, is %s', async (_, keys, end, state) => {
    const run = await startRun(`
pipes: { flow: { from: source, to: sink, via: stdio${keys} } }
processes: { source: { command: ['yes'] }, sink: { command: [head, -n, '1'] } }
`);
    await expectEnd(run, { ...end, withinMs: 1500 });
    expect(endOf(run, 'source')).toMatchObject({ state, signal: 'SIGPIPE' });
  });
});
