import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent, StuckInstance } from '../../src/engine/run-event.ts';
import type { Schedule } from '../../src/schedule/schedule.ts';
import type { StuckActor } from '../../src/verify/told-deadlock.ts';
import { callMain } from '../rig/call-main.ts';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const examples = path.join(import.meta.dirname, '..', '..', 'examples', 'deadlocks');

interface Ended {
  readonly cycle: readonly StuckInstance[];
  readonly warnings: readonly string[];
  readonly exitCode: number | null;
}

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** What a run says of its deadlock and of its schedule. Stand-ins call the verbs, which only the built program has. */
async function runAlong(cwd: string, ...flags: readonly string[]): Promise<Ended> {
  const { stdout, exitCode } = await runCli(['run', 'wrong.yaml', '--format', 'json', ...flags], { cwd, program });
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  const cycle = events.flatMap((event) => (event.type === 'run.deadlock' ? event.cycle : []));
  const warnings = events.flatMap((event) => (event.type === 'warning' && event.code === 'MP870' ? [event.message] : []));
  return { cycle, warnings, exitCode };
}

/** Those who are stuck, as the check finds them, which writes what it has found beside the spec. */
async function stuckIn(cwd: string): Promise<readonly StuckActor[]> {
  const { stdout } = await callMain(['check', 'wrong.yaml', '--format', 'json'], { cwd });
  writeFileSync(path.join(cwd, 'found.json'), stdout);
  const found = JSON.parse(stdout) as { readonly specs: readonly { readonly deadlock: { readonly stuck: readonly StuckActor[] } }[] };
  return found.specs[0]?.deadlock.stuck ?? [];
}

/** A slot of a pool is told as the pool. */
function unitOf(name: string, stuck: readonly StuckActor[]): string {
  const pool = name.replace(/-\d+$/u, '');
  return stuck.some((other) => other.name === pool) ? pool : name;
}

describe.each(readdirSync(examples).toSorted())('the deadlock of %s', (name) => {
  it('is met by a run along the schedule of the check, with the same circle', async () => {
    const cwd = tempFolder();
    cpSync(path.join(examples, name), cwd, { recursive: true });
    const stuck = await stuckIn(cwd);
    const { cycle, warnings, exitCode } = await runAlong(cwd, '--schedule', 'found.json');
    expect({ exitCode, warnings }).toEqual({ exitCode: 5, warnings: [] });
    expect(new Set(cycle.map(({ instance }) => instance))).toEqual(new Set(stuck.map((one) => unitOf(one.name, stuck))));
    for (const { instance, waits } of cycle) {
      const wanted = stuck.filter((one) => unitOf(one.name, stuck) === instance).flatMap(({ waitsFor }) => waitsFor);
      expect(wanted.map((what) => unitOf(what, stuck))).toContain(waits.name);
    }
  });
});

describe('the deadlock of processes that start and end each other', () => {
  it.each([
    ['by steps', 'starter: { steps: [{ acquire: left }, { start: late }, { kill: idler }, { acquire: right }] }', 'late: { autostart: false, steps: [{ acquire: right }, { join: idler }, { acquire: left }] }'],
    ['by programs', 'starter: { command: [./start.sh], with: left, uses: { late: start, right: acquire } }', 'late: { autostart: false, with: right, steps: [{ acquire: left }] }'],
  ])('is met by a run %s', async (_, starter, late) => {
    const cwd = tempFolder({ 'wrong.yaml': `locks: { left: , right: }\nevents: { never: }\nprocesses:\n  ${starter}\n  ${late}\n  idler: { command: [sleep, '1000'], autostart: false }\n` });
    const stuck = await stuckIn(cwd);
    const { cycle, warnings, exitCode } = await runAlong(cwd, '--schedule', 'found.json');
    expect({ exitCode, warnings }).toEqual({ exitCode: 5, warnings: [] });
    expect(cycle.map(({ instance }) => instance).toSorted()).toEqual(['late', 'starter']);
    expect(stuck.map(({ name }) => name)).toEqual(expect.arrayContaining(['late', 'starter']));
  });
});

describe('the deadlock of tasks with others who wait for their pool', () => {
  it.each([
    ['of one with a process', 'workers: 2, tasks: [1, 2, 3], steps: [{ run: "true" }, { with: left, do: [{ acquire: right }] }]', 'a: { steps: [{ acquire: right }, { acquire: left }] }\n  b: { steps: [{ join: crew }] }\n  c: { depends_on: [crew], steps: [{ print: x }] }'],
    ['of one with who waits for it', 'steps: [{ with: left, do: [{ run: "true" }] }]', 'a: { steps: [{ submit: crew, item: 1, as: one }, { acquire: left }, { result: one }] }\n  b: { steps: [{ acquire: left }, { release: left }] }'],
    ['behind them', 'tasks: [1, 2], with: left, command: [./build.sh]', 'a: { depends_on: [crew], steps: [{ acquire: left }, { acquire: right }] }\n  b: { depends_on: [crew], steps: [{ acquire: right }, { acquire: left }] }'],
  ])('is an error, and is met by a run: %s', async (_, pool, processes) => {
    const cwd = tempFolder({ 'wrong.yaml': `locks: { left: , right: }\npools:\n  crew: { ${pool} }\nprocesses:\n  ${processes}\n` });
    await stuckIn(cwd);
    const found = JSON.parse(readFileSync(path.join(cwd, 'found.json'), 'utf8')) as { readonly diagnostics: readonly { readonly code: string; readonly certainty: string }[] };
    expect(found.diagnostics.filter(({ code }) => code === 'MP901')).toMatchObject([{ certainty: 'some interleaving' }]);
    const { warnings, exitCode } = await runAlong(cwd, '--schedule', 'found.json');
    expect({ exitCode, warnings }).toEqual({ exitCode: 5, warnings: [] });
  });
});

describe('the deadlock behind a pool of long-lived workers', () => {
  it.each([
    ['that a command stands in for', []],
    ['that answer', ['--real']],
  ])('is met by a run with its circle, of workers %s', async (_, flags) => {
    const cwd = tempFolder({
      'answer.sh': 'while IFS= read -r line; do task=${line#*:}; echo "{\\"task\\":${task%%,*},\\"result\\":0}"; done\n',
      'wrong.yaml': 'locks: { left: , right: }\npools:\n  crew: { worker: [sh, answer.sh], tasks: [1, 2] }\nprocesses:\n  a: { depends_on: [crew], steps: [{ acquire: left }, { acquire: right }] }\n  b: { depends_on: [crew], steps: [{ acquire: right }, { acquire: left }] }\n',
    });
    await stuckIn(cwd);
    const { cycle, warnings, exitCode } = await runAlong(cwd, '--schedule', 'found.json', ...flags);
    expect({ exitCode, warnings }).toEqual({ exitCode: 5, warnings: [] });
    expect(cycle.map(({ instance }) => instance).toSorted()).toEqual(['a', 'b']);
  });
});

describe('a schedule', () => {
  const crossed = readFileSync(path.join(examples, 'locks-in-opposite-order', 'wrong.yaml'), 'utf8');

  it('of one’s own is followed as well, by the real commands too', async () => {
    const cwd = tempFolder({
      'wrong.yaml': crossed.replaceAll(/run: \[\.\/(?<script>[^\]]*)\.sh\]/gu, 'run: echo $<script>'),
      'own.json': JSON.stringify({
        operations: [
          { instance: 'clean-up', op: 'acquire', on: ['registry'] },
          { instance: 'deploy', op: 'acquire', on: ['cluster'] },
        ],
      }),
    });
    const { stdout, exitCode } = await runCli(['run', 'wrong.yaml', '--schedule', 'own.json', '--real'], { cwd });
    expect(exitCode).toBe(5);
    expect(stdout).toContain('[deploy] deploy\n');
    expect(stdout).toContain('[clean-up] remove-old-images\n');
  });

  it('that leads past the deadlock is one that succeeds', async () => {
    const cwd = tempFolder({
      'wrong.yaml': crossed,
      'own.json': JSON.stringify({
        operations: ['cluster', 'registry'].map((lock) => ({ instance: 'deploy', op: 'acquire', on: [lock] })),
      }),
    });
    expect((await runCli(['run', 'wrong.yaml', '--schedule', 'own.json'], { cwd })).exitCode).toBe(0);
  });

  it('that the run cannot follow is left, which is said', async () => {
    const cwd = tempFolder({
      'wrong.yaml': crossed,
      'own.json': JSON.stringify({
        operations: [
          { instance: 'deploy', op: 'acquire', on: ['registry'] },
          { instance: 'clean-up', op: 'acquire', on: ['cluster'] },
        ],
      }),
    });
    const { warnings } = await runAlong(cwd, '--schedule', 'own.json');
    expect(warnings).toEqual([expect.stringMatching(/^the run has left its schedule at operation 1, `deploy` acquire `registry`: nobody lets it come to that;/u)]);
  });

  it('of a deadlock that the spec has no more is left, which is said with the number that the operation has in the file', async () => {
    const steps = (first: string, second: string): string => `{ steps: [{ acquire: ${first} }, { run: 'true' }, { acquire: ${second} }] }`;
    const specOf = (second: string): string => `locks: { x: , y: }\nprocesses: { a: ${steps('x', 'y')}, b: ${second} }\n`;
    const cwd = tempFolder({ 'wrong.yaml': specOf(steps('y', 'x')) });
    await stuckIn(cwd);
    const found = JSON.parse(readFileSync(path.join(cwd, 'found.json'), 'utf8')) as { readonly specs: readonly { readonly deadlock: { readonly schedule: Schedule } }[] };
    const number = (found.specs[0]?.deadlock.schedule.operations.findIndex(({ instance, op, on }) => instance === 'b' && op === 'acquire' && on.includes('y')) ?? -1) + 1;
    expect(number).toBe(3);
    writeFileSync(path.join(cwd, 'wrong.yaml'), specOf(steps('x', 'y')));
    const { warnings, exitCode } = await runAlong(cwd, '--schedule', 'found.json');
    expect([warnings, exitCode]).toEqual([[`the run has left its schedule at operation ${String(number)}, \`b\` acquire \`y\`: nobody lets it come to that; from here on it goes as it goes`], 0]);
  });

  it.each([
    ['that does not exist', 'nothing.json', 4, /error\[MP038\]: the schedule `nothing.json` cannot be read/u],
    ['that is no JSON', 'wrong.yaml', 2, /error\[MP038\]: `wrong.yaml` is no schedule: it is not JSON/u],
    ['of a check without a deadlock', 'right.json', 2, /error\[MP038\]: `right.json` is no schedule: it is a check that has found no deadlock/u],
    ['of another spec', 'other.json', 2, /error\[MP038\]: the schedule `other.json` is one of another spec: there is no `nobody` here/u],
    ['of another spec, with something that is not here', 'thing.json', 2, /error\[MP038\]: the schedule `thing.json` is one of another spec: there is no `registri` here/u],
    ['with an unknown word', 'word.json', 2, /error\[MP038\]: `word.json` is no schedule: of `operations`, number 1 has no `op` that is one of acquire, /u],
  ])('%s is refused', async (_, file, exitCode, message) => {
    const cwd = tempFolder({
      'wrong.yaml': crossed,
      'right.json': '{"specs":[{"deadlock":{"type":"proved"}}]}',
      'other.json': '{"operations":[{"instance":"nobody","op":"acquire","on":["registry"]}]}',
      'thing.json': '{"operations":[{"instance":"deploy","op":"acquire","on":["cluster"]},{"instance":"deploy","op":"acquire","on":["registri"]}]}',
      'word.json': '{"operations":[{"instance":"deploy","op":"grab","on":["registry"]}]}',
    });
    const { stderr, exit } = await callMain(['run', 'wrong.yaml', '--schedule', file], { cwd });
    expect(stderr).toMatch(message);
    expect(exit).toEqual({ type: 'code', code: exitCode });
  });
});

describe('the flags of an order', () => {
  it.each([
    [['--schedule', 'a.json', '--explore', '2'], '`--schedule` and `--explore` exclude each other'],
    [['--explore', '2', '--resume', 'last'], '`--explore` and `--resume` exclude each other'],
    [['--real'], '`--real` needs the schedule'],
    [['--seed', '3'], '`--seed` needs the runs'],
    [['--explore', '0'], '`--explore` expects a whole number from 1, found `0`'],
  ])('%s are refused', async (flags, message) => {
    const { stderr, exit } = await callMain(['run', ...flags]);
    expect(stderr).toContain(`error[MP003]: ${message}`);
    expect(exit).toEqual({ type: 'code', code: 2 });
  });
});

describe('mpctl run --explore', () => {
  const race = 'locks: { left: , right: }\nprocesses:\n  a: { steps: [{ acquire: left }, { acquire: right }] }\n  b: { steps: [{ acquire: right }, { acquire: left }] }\n';

  it('comes to both ways that a race can end, and says which seed has led where', async () => {
    const cwd = tempFolder({ 'wrong.yaml': race });
    const { stderr, exitCode } = await runCli(['run', 'wrong.yaml', '--output', 'quiet', '--explore', '12', '--seed', '1'], { cwd });
    expect(exitCode).toBe(5);
    const last = /mpctl: of 12 runs, (?<well>\d+) ended with 0, (?<badly>\d+) with 5 \(seed (?<seeds>[\d, ]+)\); the first of those again: `--explore 1 --seed (?<first>\d+)`\n$/u.exec(stderr)?.groups;
    expect(Number(last?.['well'])).toBeGreaterThan(0);
    expect(Number(last?.['badly'])).toBeGreaterThan(0);
    expect(Number(last?.['well']) + Number(last?.['badly'])).toBe(12);
    const again = await runCli(['run', 'wrong.yaml', '--explore', '1', '--seed', last?.['first'] ?? ''], { cwd });
    expect(again.exitCode).toBe(5);
  });

  it('says the seed of each run where none was given', async () => {
    const cwd = tempFolder({ 'wrong.yaml': 'processes: { a: { command: [echo, hello] } }\n' });
    const { stdout, stderr, exitCode } = await runCli(['run', 'wrong.yaml', '--explore', '2'], { cwd });
    expect(stdout.match(/\[a\] hello\n/gu)).toHaveLength(2);
    expect(stderr).toMatch(/^mpctl: run 1 of 2, seed \d+\nmpctl: run 2 of 2, seed \d+\nmpctl: of 2 runs, 2 ended with 0\n$/u);
    expect(exitCode).toBe(0);
  });

  it('says of nobody who has succeeded with a lock that he has died with it', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'locks: { door: }\nprocesses: { a: { with: door, command: [echo, a] }, b: { with: door, command: [echo, b] } }\n' });
    const { stderr, exitCode } = await runCli(['run', '--explore', '4', '--seed', '1', '--output', 'prefixed'], { cwd });
    expect(stderr).toContain('mpctl: of 4 runs, 4 ended with 0\n');
    expect(stderr).not.toContain('without releasing it');
    expect(exitCode).toBe(0);
  });
});
