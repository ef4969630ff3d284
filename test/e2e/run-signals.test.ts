import { describe, expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { livingWorkers } from '../rig/living-workers.ts';
import { type CliRun, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

async function start(spec: string, ...flags: readonly string[]): Promise<CliRun & { readonly cwd: string }> {
  const cwd = tempFolder({ 'mpctl.yaml': spec });
  return Object.assign(await startCli(['run', ...flags], { cwd }), { cwd });
}

/** The ids that the workers have printed as `pid N`. */
function pidsIn(run: CliRun): readonly number[] {
  return [...run.output.stdout.matchAll(/pid (?<pid>\d+)/gu)].map(({ groups }) => Number(groups?.['pid']));
}

function expectDead(pids: readonly number[]): void {
  expect(pids).not.toEqual([]);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
}

/** Where nobody reaps orphans, a zombie is not alive. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Two signals closer together than this are one, in ms. */
const signalGapMs = 250;

/** Whole lines of a run with `--format json`, as events. */
function eventsIn(text: string): readonly { readonly type: string; readonly at: number; readonly instance?: string; readonly rung?: number }[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { type: string; at: number; instance?: string; rung?: number });
}

/**
 * Resolves when a run with `--format json` has climbed to a rung of the ladder and its own clock says
 * that the next signal counts; somebody in it has to write lines meanwhile.
 */
async function untilNextSignalCounts(run: CliRun, rung: number): Promise<void> {
  await run.waitUntil(({ stdout }) => {
    const events = eventsIn(stdout);
    const heard = events.find((event) => event.type === 'run.signal' && event.rung === rung);
    return heard !== undefined && events.some(({ at }) => at >= heard.at + signalGapMs);
  }, `line ${String(signalGapMs)} ms after rung ${String(rung)}`);
}

const stubborn = `processes:
  stubborn:
    command: trap '' TERM INT HUP; echo "pid $$"; while :; do sleep 0.05; echo tick; done
    stop: { grace_period: 60s }
`;

describe('a signal', () => {
  it('ends a run in which everybody is blocked on a primitive', async () => {
    const run = await start(
      `
locks: { file: , door: }
semaphores: { taken: 1 }
events: { never: }
conditions: { changed: { lock: door } }
barriers: { start: { parties: 3 } }
queues: { empty: , full: { capacity: 1, items: [1] } }
pipes: { link: { from: holder, to: recv } }
processes:
  holder: { command: exec sleep 3600, with: [file, taken], uses: { empty: put, full: get, never: set, changed: notify, start: wait } }
  unstarted: { command: exit 1, with: file }
  lock: { steps: [{ acquire: file }] }
  semaphore: { steps: [{ acquire: taken }] }
  event: { steps: [{ wait: never }] }
  condition: { steps: [{ with: door, do: [{ wait: changed }] }] }
  barrier-a: { steps: [{ wait: start }] }
  barrier-b: { steps: [{ wait: start }] }
  get: { steps: [{ get: empty, as: x }] }
  put: { steps: [{ put: full, item: 2 }] }
  recv: { steps: [{ recv: link, as: x }] }
  join: { steps: [{ join: holder }] }
`,
      '--format',
      'json',
    );
    const blocked = ['unstarted', 'lock', 'semaphore', 'event', 'condition', 'barrier-a', 'barrier-b', 'get', 'put', 'recv', 'join'];
    await run.waitUntil(({ stdout }) => {
      const events = eventsIn(stdout);
      const waiting = new Set(events.flatMap(({ type, instance }) => (type === 'instance.waiting' ? [instance] : [])));
      return events.some(({ type }) => type === 'instance.started') && blocked.every((name) => waiting.has(name));
    }, 'notice of everybody');
    run.kill('SIGINT');
    const result = await run.result;
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGINT' });
    const events = eventsIn(result.stdout);
    const heard = events.findIndex(({ type }) => type === 'run.signal');
    const told = events.slice(heard).map(({ type, instance }) => [type, instance ?? 'the run'].join(' '));
    // Nothing comes between the signal and the answer to it; how soon that comes is a row of `npm run bench`.
    expect(told.slice(0, 4)).toEqual(['run.signal the run', 'run.stopping the run', 'instance.ended unstarted', 'instance.stopping holder']);
    const ended = ['holder', ...blocked.slice(1)].map((name) => `instance.ended ${name}`);
    expect(told.slice(4)).toEqual([...ended.slice(1), ended[0], 'run.ended the run']);
  });

  it('lets finally see that the run was cancelled', async () => {
    const run = await start(`processes: {slow: {command: 'echo "pid $$"; exec sleep 60'}}\nfinally: {last: {command: 'echo "outcome $MPCTL_OUTCOME"'}}\n`);
    await run.waitForOutput(/pid \d+/u);
    run.kill('SIGTERM');
    const result = await run.result;
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
    expect(result.stdout).toContain('[last] outcome cancelled\n');
  });

  it('gives what ignores the first one a second after the second one', async () => {
    const run = await start(stubborn, '--format', 'json');
    await run.waitForOutput(/pid \d+/u);
    run.kill('SIGINT');
    await untilNextSignalCounts(run, 1);
    run.kill('SIGTERM');
    const result = await run.result;
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGINT' });
    const events = eventsIn(result.stdout);
    const second = events.find(({ type, rung }) => type === 'run.signal' && rung === 2)?.at ?? Number.NaN;
    const end = events.find(({ type }) => type === 'instance.ended')?.at ?? Number.NaN;
    // Both are whole milliseconds, and the first is told a moment after it is heard.
    expect(end - second).toBeGreaterThanOrEqual(1000 - 1);
    expectDead(pidsIn(run));
  });

  it('kills everything the third time', async () => {
    const run = await start(stubborn, '--format', 'json');
    await run.waitForOutput(/pid \d+/u);
    for (const rung of [1, 2]) {
      run.kill('SIGINT');
      await untilNextSignalCounts(run, rung);
    }
    run.kill('SIGINT');
    const result = await run.result;
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGINT' });
    expect(eventsIn(result.stdout)).toContainEqual(expect.objectContaining({ type: 'run.signal', rung: 3, killInMs: 0 }));
    expectDead(pidsIn(run));
  });

  it('kills everything at once when it is SIGQUIT', async () => {
    const run = await start(stubborn);
    await run.waitForOutput(/pid \d+/u);
    run.kill('SIGQUIT');
    expect(await run.result).toMatchObject({ exitCode: null, signal: 'SIGQUIT' });
    expectDead(pidsIn(run));
  });

  it('kills finally the second time', async () => {
    const run = await start(
      `processes: {slow: {command: 'echo "pid $$"; exec sleep 60'}}\nfinally: {last: {command: 'trap "" TERM; echo "last pid $$"; while :; do sleep 0.05; echo tick; done'}}\n`,
      '--format',
      'json',
    );
    await run.waitForOutput(/pid \d+/u);
    run.kill('SIGINT');
    await run.waitForOutput(/last pid \d+/u);
    await untilNextSignalCounts(run, 1);
    run.kill('SIGINT');
    expect(await run.result).toMatchObject({ exitCode: null, signal: 'SIGINT' });
    expectDead(pidsIn(run));
  });
});

describe('a stop', () => {
  it('reaches dependents before what they depend on', async () => {
    const worker = (name: string): string => `trap 'echo ${name} >> order; exit 0' TERM; echo "${name} up"; while :; do sleep 0.02; done`;
    const run = await start(`
daemons:
  database: { command: ${JSON.stringify(worker('database'))}, readiness_probe: { log_line: up } }
  server: { command: ${JSON.stringify(worker('server'))}, readiness_probe: { log_line: up }, depends_on: [database] }
processes:
  client: { command: ${JSON.stringify(worker('client'))}, depends_on: [server] }
`);
    await run.waitForOutput(/client up/u);
    run.kill('SIGTERM');
    expect(await run.result).toMatchObject({ signal: 'SIGTERM' });
    expect(readFileSync(path.join(run.cwd, 'order'), 'utf8')).toBe('client\nserver\ndatabase\n');
  });

  it('kills after the grace period, the whole group with grandchildren that ignore the signal', async () => {
    const run = await start(`
processes:
  parent:
    command: |
      sh -c 'trap "" TERM; echo "pid $$"; while :; do sleep 0.02; done' &
      sh -c 'echo "pid $$"; exec sleep 60' &
      echo "pid $$"
      wait
    stop: { grace_period: 200ms }
`);
    await run.waitForOutput(/(?:pid \d+[^]*){3}/u);
    run.kill('SIGTERM');
    expect(await run.result).toMatchObject({ signal: 'SIGTERM' });
    for (const pid of pidsIn(run)) expect(isAlive(pid)).toBe(false);
  });

  it('runs the stop command before the signal', async () => {
    const run = await start(`
processes:
  server:
    command: trap 'echo signal >> order; exit 0' TERM; echo up; while [ ! -e quit ]; do sleep 0.02; done; echo asked >> order
    stop: { command: "echo command >> order; touch quit", grace_period: 10s }
`);
    await run.waitForOutput(/up/u);
    run.kill('SIGINT');
    expect(await run.result).toMatchObject({ signal: 'SIGINT' });
    expect(readFileSync(path.join(run.cwd, 'order'), 'utf8')).toMatch(/^command\n(?:asked|signal)\n$/u);
  });

  it('takes the signal of the process', async () => {
    const run = await start(`
processes:
  server: { command: "trap 'touch int; exit 0' INT; echo up; while :; do sleep 0.02; done", stop: { signal: SIGINT } }
`);
    await run.waitForOutput(/up/u);
    run.kill('SIGTERM');
    await run.result;
    expect(existsSync(path.join(run.cwd, 'int'))).toBe(true);
  });

  it.each(['', ', environment: { MPCTL_RUN_IDS: other }'])('finds what has left its process group%s', async (more) => {
    const run = await start(`
processes:
  escaping: { command: "setsid sh -c 'echo \\"pid $$\\"; exec sleep 60' & wait"${more} }
`);
    await run.waitForOutput(/pid \d+/u);
    run.kill('SIGTERM');
    const result = await run.result;
    expect(result.stderr).toMatch(/had left its process group and was ended \(MP849\)/u);
    for (const pid of pidsIn(run)) expect(isAlive(pid)).toBe(false);
  });
});

it('leaves nothing alive when it is killed itself', async () => {
  const alive = path.join(tempFolder(), 'alive');
  execFileSync('mkfifo', [alive]);
  const run = await start(`
processes:
  plain: { command: 'exec 3> ${alive}; echo "pid $$"; exec sleep 60' }
  parent: { command: "exec 3> ${alive}; sh -c 'echo \\"pid $$\\"; exec sleep 60' & wait" }
  stubborn: { command: 'exec 3> ${alive}; trap "" TERM; echo "pid $$"; while :; do sleep 0.05; done', stop: { grace_period: 100ms } }
`);
  // The pipe is at its end when none of them is there any more to write into it.
  const lastIsGone = once(createReadStream(alive).resume(), 'end');
  await run.waitForOutput(/(?:pid \d+[^]*){3}/u);
  await run.waitForOutput(/`stubborn` started/u, 'stderr');
  run.kill('SIGKILL');
  expect(await run.result).toMatchObject({ signal: 'SIGKILL' });
  await lastIsGone;
});

it('two runs in one folder do not disturb each other', async () => {
  const cwd = tempFolder({ 'mpctl.yaml': `locks: {file: }\nprocesses: {a: {command: 'echo "pid $$"; exec sleep 60', with: [file]}}\n` });
  const [first, second] = await Promise.all([startCli(['run'], { cwd }), startCli(['run'], { cwd })]);
  await Promise.all([first.waitForOutput(/pid \d+/u), second.waitForOutput(/pid \d+/u)]);
  first.kill('SIGINT');
  await first.result;
  expectDead(pidsIn(first));
  for (const pid of pidsIn(second)) expect(isAlive(pid)).toBe(true);
  second.kill('SIGINT');
  const { stderr } = await second.result;
  expectDead(pidsIn(second));
  const id = /run (?<id>\S+), logs/u.exec(stderr)?.groups?.['id'] ?? 'none';
  expect(livingWorkers(id)).toEqual([]);
});
