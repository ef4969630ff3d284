import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { callMain, type CallResult } from '../rig/call-main.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const right = 'processes:\n  hello:\n    command: [echo, hello]\n';
const wrong = `${right}    discription: greets\n`;

describe('mpctl check', () => {
  it('says how much is right', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': right });
    expect(await callMain(['check'], { cwd })).toEqual({
      stdout: 'mpctl.yaml: ok, 1 instance, 0 primitives\nno deadlock: proved, since there is an order in which all is waited for\n',
      stderr: '',
      exit: { type: 'code', code: 0 },
    });
  });

  it('says of a warning that `--strict` does not take it', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'pools: { p: { command: x } }\nprocesses: { a: { command: [echo] } }\n' });
    const { stdout, exit } = await callMain(['check', '--strict'], { cwd });
    expect(stdout).toMatch(/\nmpctl\.yaml: not ok, since `--strict` takes no warning; 1 warning in mpctl\.yaml\nno deadlock: proved, .*\n(?: {2}.*\n)*$/u);
    expect(exit).toEqual({ type: 'code', code: 1 });
    expect((await callMain(['check'], { cwd })).stdout).toMatch(/\nmpctl\.yaml: ok, .*; 1 warning in mpctl\.yaml\nno deadlock: proved, .*\n(?: {2}.*\n)*$/u);
  });

  it('writes findings and their number to standard output and ends with 3', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': wrong });
    const { stdout, stderr, exit } = await callMain(['check'], { cwd });
    expect(stdout).toMatch(/^error\[MP1\d\d\]: .*\n {1,2}--> mpctl\.yaml:4:5\n/u);
    expect(stdout).toMatch(/\n1 error in mpctl\.yaml\n$/u);
    expect(stderr).toBe('');
    expect(exit).toEqual({ type: 'code', code: 3 });
  });

  it('of several specs lets the first of 4, 3, 0 decide', async () => {
    const cwd = tempFolder({ 'a.yaml': right, 'b.yaml': wrong });
    expect((await callMain(['check', 'a.yaml'], { cwd })).exit).toEqual({ type: 'code', code: 0 });
    expect((await callMain(['check', 'a.yaml', 'b.yaml'], { cwd })).exit).toEqual({ type: 'code', code: 3 });
    expect((await callMain(['check', 'a.yaml', 'b.yaml', 'no.yaml'], { cwd })).exit).toEqual({ type: 'code', code: 4 });
  });

  it('fails for a warning with `--strict` alone, which an error or an unreadable spec outranks', async () => {
    const cwd = tempFolder({ 'a.yaml': right, 'b.yaml': wrong, 'warned.yaml': 'processes: { a: { command: [make, ">", log] } }\n' });
    const check = async (...argv: readonly string[]): Promise<CallResult> => callMain(['check', ...argv], { cwd });
    const lenient = await check('warned.yaml');
    expect(lenient.stdout).toMatch(/^warning\[MP139\]/u);
    expect(lenient.exit).toEqual({ type: 'code', code: 0 });
    const strict = await check('--strict', 'warned.yaml');
    const refused = 'warned.yaml: not ok, since `--strict` takes no warning;';
    expect(strict).toEqual({ ...lenient, stdout: lenient.stdout.replace(/^warned\.yaml: ok, [^;]*;/mu, refused), exit: { type: 'code', code: 1 } });
    expect(strict.stdout).toContain(refused);
    expect((await check('--strict', 'a.yaml')).exit).toEqual({ type: 'code', code: 0 });
    expect((await check('--strict', 'a.yaml', 'warned.yaml')).exit).toEqual({ type: 'code', code: 1 });
    expect((await check('--strict', 'warned.yaml', 'b.yaml')).exit).toEqual({ type: 'code', code: 3 });
    expect((await check('--strict', 'warned.yaml', 'b.yaml', 'no.yaml')).exit).toEqual({ type: 'code', code: 4 });
  });

  it('gives one JSON document for all specs', async () => {
    const cwd = tempFolder({ 'a.yaml': right, 'b.yaml': wrong });
    const { stdout } = await callMain(['check', 'a.yaml', 'b.yaml', '--format', 'json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      v: 1,
      errors: 1,
      diagnostics: [{ severity: 'error', range: { file: 'b.yaml', start: { line: 4, column: 5 } } }],
      specs: [
        { spec: 'a.yaml', valid: true, exitCode: 0, instances: 1, pools: 0, primitives: 0 },
        { spec: 'b.yaml', valid: false, exitCode: 3, instances: null, pools: null, primitives: null },
      ],
    });
  });

  it('annotates on GitHub', async () => {
    const cwd = tempFolder({ 'b.yaml': wrong });
    const { stdout } = await callMain(['check', 'b.yaml', '--format', 'github'], { cwd });
    expect(stdout).toMatch(/^::error file=b\.yaml,line=4,endLine=4,col=5,endColumn=16,title=MP1\d\d /u);
  });
});

describe('mpctl run and plan', () => {
  it.each(
    [
      ['an unknown key', 'processes: { a: { command: [touch, ran] }, b: { command: [touch, ran], discription: greets } }'],
      ['a name of nothing', 'processes: { a: { command: [touch, ran] }, b: { command: [touch, ran], depends_on: [c] } }'],
      ['a circle', 'processes: { a: { command: [touch, ran] }, b: { command: [touch, ran], depends_on: [c] }, c: { command: [touch, ran], depends_on: [b] } }'],
    ].flatMap(([what, spec = '']) => ['run', 'plan'].map((command) => [command, what, spec] as const)),
  )('%s says of %s on standard error, starts nothing and leaves nothing', async (command, _, spec) => {
    const cwd = tempFolder({ 'mpctl.yaml': `${spec}\n` });
    const { stdout, stderr, exit } = await callMain([command], { cwd });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error\[MP[12]\d\d\]/u);
    expect(exit).toEqual({ type: 'code', code: 3 });
    expect(readdirSync(cwd)).toEqual(['mpctl.yaml']);
  });

  it.each(['run', 'plan', 'check'])('%s without a spec names the way out and ends with 4', async (command) => {
    const { stdout, stderr, exit } = await callMain([command], { cwd: tempFolder() });
    expect(stdout + stderr).toContain('error[MP010]: there is no `mpctl.yaml` and no `mpctl.yml` in this folder');
    expect(stdout + stderr).toContain('`mpctl init` writes one to begin with');
    expect(exit).toEqual({ type: 'code', code: 4 });
  });

  it.each([
    ['text', /hello/u],
    ['json', /^\{/u],
    ['mermaid', /^(?:---[^]*---\n)?(?:flowchart|graph) /u],
    ['dot', /^digraph /u],
    ['svg', /<svg /u],
  ])('plan shows the plan as %s', async (format, expected) => {
    const cwd = tempFolder({ 'mpctl.yaml': right });
    const { stdout, exit } = await callMain(['plan', '--format', format], { cwd });
    expect(stdout).toMatch(expected);
    expect(stdout.endsWith('\n')).toBe(true);
    expect(exit).toEqual({ type: 'code', code: 0 });
  });

  const crossed = 'locks: { a: , b: }\nevents: { go: }\nprocesses:\n  x: { steps: [{ acquire: a }, { acquire: b }, { release: [a, b] }, { set: go }] }\n  y: { steps: [{ wait: go }, { acquire: b }, { acquire: a }] }\n';

  it('fails with `--require-proof` for what is only possible, and says so', async () => {
    const uses = 'locks: { a: , b: }\nprocesses:\n  x: { with: a, command: ./x, uses: { b: acquire } }\n  y: { with: b, command: ./y, uses: { a: acquire } }\n';
    const cwd = tempFolder({ 'free.yaml': crossed, 'possible.yaml': uses });
    expect((await callMain(['check', '--require-proof', 'free.yaml'], { cwd })).exit).toEqual({ type: 'code', code: 0 });
    expect((await callMain(['check', 'possible.yaml'], { cwd })).exit).toEqual({ type: 'code', code: 0 });
    const refused = await callMain(['check', '--require-proof', 'possible.yaml'], { cwd });
    expect(refused.exit).toEqual({ type: 'code', code: 1 });
    expect(refused.stdout).toContain('possible.yaml: not ok, since `--require-proof` asks for a proof of all of it; ');
  });

  it('takes with `--require-proof` no proof but for something that was not looked at, which may deadlock in every run', async () => {
    const ordered = 'locks: { l: }\nqueues: { out: }\npools: { work: { workers: 2, tasks: [a, b], steps: [{ with: l, do: [{ print: hi }] }], results: { queue: out } } }\nprocesses:\n  sink: { steps: [{ each: out, as: one, do: [{ print: one }] }] }\n';
    const fair = 'semaphores: { slots: { permits: 2, fair: true } }\nprocesses:\n  x: { command: echo, with: slots }\n';
    const cwd = tempFolder({ 'ordered.yaml': ordered, 'fair.yaml': fair });
    expect((await callMain(['check', 'ordered.yaml'], { cwd })).exit).toEqual({ type: 'code', code: 0 });
    const refused = await callMain(['check', '--require-proof', 'ordered.yaml'], { cwd });
    expect(refused.exit).toEqual({ type: 'code', code: 1 });
    expect(refused.stdout).toMatch(/^ordered\.yaml: not ok, since `--require-proof` asks for a proof of all of it\nno deadlock: proved but for a part, .*\n(?: {2}provided that .*\n)* {2}but for the order of the results of `work`.*\n$/u);
    expect((await callMain(['check', '--require-proof', 'fair.yaml'], { cwd })).exit).toEqual({ type: 'code', code: 0 });
  });

  it('leaves out a deadlock that is only possible where a comment on its line says so, and no other', async () => {
    const uses = (first: string, second: string): string => `locks: { a: , b: }\nprocesses:\n  x: { with: a, command: ./x, uses: { b: acquire } }${first}\n  y: { with: b, command: ./y, uses: { a: acquire } }${second}\n`;
    const comment = ' # mpctl-ignore: MP901 the second one is never taken at night';
    const cwd = tempFolder({ 'ignored.yaml': uses(comment, ''), 'elsewhere.yaml': uses('', comment), 'error.yaml': crossed.replace('[{ wait: go }, { acquire: b }, { acquire: a }] }', `[{ acquire: b }, { acquire: a }] }${comment}`).replace('x:', 'x0: { command: [a] }\n  x:') });
    const ignored = await callMain(['check', '--strict', 'ignored.yaml'], { cwd });
    expect([ignored.exit, ignored.stdout]).toEqual([{ type: 'code', code: 0 }, 'ignored.yaml: ok, 2 instances, 2 primitives\nnot proved: some may come to wait for ever\n']);
    expect((await callMain(['check', '--require-proof', 'ignored.yaml'], { cwd })).exit).toEqual({ type: 'code', code: 1 });
    const elsewhere = (await callMain(['check', 'elsewhere.yaml'], { cwd })).stdout;
    expect(elsewhere).toContain('warning[MP901]');
    expect(elsewhere).toContain('warning[MP142]: nothing on this line gives MP901');
    expect((await callMain(['check', 'error.yaml'], { cwd })).exit).toEqual({ type: 'code', code: 5 });
    expect((await callMain(['plan', 'elsewhere.yaml'], { cwd })).stderr).toBe('');
  });

  it('says of what is too large that `--deep` looks further, and takes that for no proof', async () => {
    // Philosophers, of whom one is kept out of the room: there are 10^11 states and more.
    const seats = 24;
    const eats = (seat: number): string =>
      `  p${String(seat)}: { steps: [{ acquire: room }, { acquire: f${String(seat)} }, { acquire: f${String((seat + 1) % seats)} }, { release: f${String(seat)} }, { release: [room, f${String((seat + 1) % seats)}] }] }\n`;
    const all = Array.from({ length: seats }, (_, seat) => seat);
    const large = `locks: { ${all.map((seat) => `f${String(seat)}: null`).join(', ')} }\nsemaphores: { room: ${String(seats - 1)} }\nprocesses:\n${all.map(eats).join('')}`;
    const cwd = tempFolder({ 'large.yaml': large, 'free.yaml': crossed });
    const usual = await callMain(['check', 'large.yaml'], { cwd });
    expect(usual.stdout).toMatch(/\nnot proved: no deadlock within \d+ states, \d+ steps deep, .*\n {2}`mpctl check --deep` looks further\n$/u);
    expect((await callMain(['check', '--require-proof', 'large.yaml'], { cwd })).exit).toEqual({ type: 'code', code: 1 });
    expect(await callMain(['check', '--deep', 'free.yaml'], { cwd })).toEqual(await callMain(['check', 'free.yaml'], { cwd }));
  });

  it('writes the model of one spec for SPIN', async () => {
    const cwd = tempFolder({ 'free.yaml': crossed, 'wrong.yaml': wrong });
    const { stdout, exit } = await callMain(['check', '--emit', 'promela', 'free.yaml'], { cwd });
    expect(exit).toEqual({ type: 'code', code: 0 });
    expect(stdout).toContain('active proctype actor_0() { /* x */');
    expect(await callMain(['check', '--emit', 'promela', 'wrong.yaml'], { cwd })).toMatchObject({ stdout: '', exit: { type: 'code', code: 3 } });
    expect(await callMain(['check', '--emit', 'promela', 'free.yaml', 'free.yaml'], { cwd })).toMatchObject({ stdout: '', exit: { type: 'code', code: 2 } });
  });
});

describe('a run of what always deadlocks', () => {
  const certain = 'events: { first: , second: }\nprocesses:\n  x: { steps: [{ run: [touch, ran] }, { wait: second }, { set: first }] }\n  y: { steps: [{ wait: first }, { set: second }] }\n';

  it('is refused before anything is started', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': certain });
    const { stdout, stderr, exit } = await callMain(['run'], { cwd });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error\[MP901\]: `x` and `y` come to wait for ever: `x` waits here for `second` \(every run\)\n/u);
    expect(stderr).toContain('= hint: `mpctl check` looks for what mends it; `--no-check` runs it nevertheless\n');
    expect(exit).toEqual({ type: 'code', code: 5 });
    expect(readdirSync(cwd)).toEqual(['mpctl.yaml']);
  });

  it('goes on with `--no-check`, and meets it', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': certain });
    const { stdout, exit } = await callMain(['run', '--no-check'], { cwd, environment: { PATH: process.env['PATH'] ?? '' } });
    expect(stdout).toContain('deadlock');
    expect(exit).toEqual({ type: 'code', code: 5 });
    expect(readdirSync(cwd)).toContain('ran');
  });

  it.each([['resume', 'last'], ['run', '--resume', 'last']])('goes on where `%s %s` goes on from one, which runs less than the plan has', async (...argv) => {
    const cwd = tempFolder({ 'mpctl.yaml': 'events: { first: , second: }\npools: { p: { workers: 1, tasks: [t], steps: [{ wait: second }, { set: first }] } }\nprocesses: { y: { steps: [{ wait: first }, { set: second }] } }\n' });
    const environment = { PATH: process.env['PATH'] ?? '' };
    expect((await callMain(['run'], { cwd, environment })).stderr).toContain('--no-check');
    await callMain(['run', '--no-check'], { cwd, environment });
    const { stdout, stderr, exit } = await callMain(argv, { cwd, environment });
    expect(stderr).not.toContain('--no-check');
    expect(stdout).toContain('deadlock');
    expect(exit).toEqual({ type: 'code', code: 5 });
  });
});
