import { describe, expect, it } from 'vitest';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readProcess } from '../../src/runtime/processes/process-table.ts';
import { giveToBoundUser } from '../rig/bound-user.ts';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const files = { 'b.txt': '', 'deep/a.txt': '', '.hidden.txt': '', 'jobs.jsonl': '"one"\n2\n{"a": 3}\n' };

describe('the tasks of a pool', () => {
  it.each([
    ['stdin: lines', ['a b', '2', '', 'last without newline']],
    ['stdin: lines, format: json', ['one', 2, { a: 3 }]],
    ['lines: jobs.jsonl', ['"one"', '2', '{"a": 3}']],
    ['lines: jobs.jsonl, format: json', ['one', 2, { a: 3 }]],
    ['glob: "**/*.txt"', ['b.txt', 'deep/a.txt']],
  ])('are one after the other what `%s` gives', async (tasks, items) => {
    const cwd = tempFolder({ ...files, 'mpctl.yaml': `pools: { p: { workers: 1, command: 'echo "<$MPCTL_ITEM>"', tasks: { ${tasks} }, results: { file: results.jsonl } } }` });
    const input = tasks.endsWith('json') ? files['jobs.jsonl'] : 'a b\n2\n\nlast without newline';
    const { stdout, exitCode } = await runCli(['run'], { cwd, input });
    expect(exitCode).toBe(0);
    const shown = items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
    expect(stdout.match(/<.*>/gu)).toEqual(shown.map((item) => `<${item}>`));
    const results = readFileSync(path.join(cwd, 'results.jsonl'), 'utf8').trimEnd().split('\n');
    expect(results.map((line) => JSON.parse(line) as unknown)).toMatchObject(items.map((item, task) => ({ task, item, fate: 'succeeded' })));
  });

  it('that are no JSON fail the pool, which says in which line they are', async () => {
    const cwd = tempFolder({
      'jobs.jsonl': '1\n{no\n3\n',
      'mpctl.yaml': `pools: { p: { workers: 1, command: 'echo "<$MPCTL_ITEM>"', tasks: { lines: jobs.jsonl, format: json } } }`,
    });
    const { stdout, stderr, exitCode } = await runCli(['run'], { cwd });
    expect(exitCode).toBe(1);
    expect(`${stdout}${stderr}`).toContain('its tasks cannot be read: line 2 of `jobs.jsonl` is not JSON (mpctl.yaml:1) [MP611]; 1 of 1 task was cancelled, and no more were read');
    expect(stdout).not.toContain('<3>');
  });

  it('that have ended before their turn leave long values on the disk until it comes', async () => {
    const count = 150;
    const long = `
      head -c 900000 /dev/zero | tr '\\0' x
      echo " $MPCTL_ITEM"`;
    const cwd = tempFolder({
      'mpctl.yaml': `
pools:
  p:
    workers: 2
    tasks: { range: [1, ${String(count)}] }
    stdout: null
    results: { file: results.jsonl }
    command: |
      [ "$MPCTL_ITEM" != 1 ] || until [ -e last ]; do sleep 0.01; done${long}
      [ "$MPCTL_ITEM" != ${String(count)} ] || : > last
`,
    });
    // Which have room for a third of the values.
    const { exitCode } = await runCli(['run'], { cwd, environment: { NODE_OPTIONS: '--max-old-space-size=64' } });
    expect(exitCode).toBe(0);
    const results = readFileSync(path.join(cwd, 'results.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { readonly task: number; readonly value: string });
    expect(results.map(({ value }) => value === `${'x'.repeat(900_000)} ${value.slice(900_001)}` && Number(value.slice(900_001)))).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it.each([
    ['a command', 'command: [./task, "${{ item }}"]'],
    ['a worker', 'worker: [./worker]'],
  ])('that have ended before their turn have their long values in the end, of %s that takes them from a queue', async (_, body) => {
    const wait = '[ "$1" != a ] || until [ -e c.done ]; do sleep 0.01; done';
    const cwd = tempFolder({
      task: `#!/bin/sh\n${wait}\nprintf "%05000d$1\\n\\n" 0\n: > "$1.done"\n`,
      worker: `#!/bin/sh\nwhile read -r line; do item=\${line#*item\\":\\"}; set -- "\${item%%\\"*}"; task=\${line#*:}; ${wait}; printf '{"task":%s,"result":"%05000d%s"}\\n' "\${task%%,*}" 0 "$1"; : > "$1.done"; done\n`,
      'mpctl.yaml': `
queues: { q: { items: [a, b, c, d] } }
pools: { p: { workers: 2, tasks: { queue: q }, results: { file: results.jsonl }, ${body} } }
`,
    });
    for (const name of ['task', 'worker']) chmodSync(path.join(cwd, name), 0o755);
    const { exitCode } = await runCli(['run', '--output', 'quiet'], { cwd });
    expect(exitCode).toBe(0);
    const results = readFileSync(path.join(cwd, 'results.jsonl'), 'utf8').trimEnd().split('\n').map((line) => (JSON.parse(line) as { readonly value: string }).value);
    expect(results).toEqual(['a', 'b', 'c', 'd'].map((item) => `${'0'.repeat(5000)}${item}`));
  });

  it.each([
    ['that does not exist', 'lost.txt', '`lost.txt` does not exist', 'depends_on'],
    ['whose name is that of standard input elsewhere', '"-"', '`-` does not exist', 'for standard input write `tasks: { stdin: lines }`'],
    ['that is a folder', 'folder', '`folder` is a folder', 'glob:'],
    ['that may not be read', 'secret', 'permission to read `secret` is denied', 'permitted'],
  ])('are looked for by `check`, and nothing is started where they are in a file %s', async (_, file, why, hint) => {
    const main = `pools:\n  p: { workers: 1, command: [echo, x], tasks: { lines: ${file} } }\nprocesses: { other: { command: touch started } }\n`;
    const cwd = tempFolder({ 'mpctl.yaml': main, 'folder/inside': '', secret: 'a\n' });
    chmodSync(path.join(cwd, 'secret'), 0o000);
    giveToBoundUser(cwd);
    for (const command of ['check', 'run']) {
      const { stdout, stderr, exitCode } = await runCli([command], { cwd, isBound: true });
      const said = `${stdout}${stderr}`;
      expect(said).toContain(`the tasks of the pool \`p\` cannot be read: ${why}`);
      expect(said).toContain('mpctl.yaml:2:56');
      expect(said).toContain('^'.repeat(file.length));
      expect(said).toContain(hint);
      expect(exitCode).toBe(4);
    }
    expect(existsSync(path.join(cwd, 'started'))).toBe(false);
  });

  it.each([
    ['was not made before it', 'true', '`made` does not exist (mpctl.yaml:4) [MP611]', 'depends_on'],
    ['is a folder by then', 'mkdir made', '`made` is a folder (mpctl.yaml:4) [MP611]', 'glob:'],
  ])('fail the pool in words where their file %s', async (_, command, why, hint) => {
    const main = `processes: { make: { command: ${command} } }\npools:\n  p: { depends_on: [make], workers: 1, command: [echo, x],\n    tasks: { lines: made } }\n`;
    const cwd = tempFolder({ 'mpctl.yaml': main });
    expect(await runCli(['check'], { cwd })).toMatchObject({ exitCode: 0 });
    const { stdout, stderr, exitCode } = await runCli(['run'], { cwd });
    expect(exitCode).toBe(1);
    expect(`${stdout}${stderr}`).toContain(`its tasks cannot be read: ${why}`);
    expect(`${stdout}${stderr}`).toContain(hint);
  });

  it('that are no part of what is run are not looked for', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'pools: { p: { command: [echo, x], tasks: { lines: lost } } }\nprocesses: { make: { command: touch lost } }\n' });
    expect(await runCli(['run', 'make'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  it.each(['command: [echo, kept]', 'steps: [{ run: [echo, kept] }]'])('have their value, and no log, with `stdout: null`: %s', async (body) => {
    const cwd = tempFolder({ 'mpctl.yaml': `pools: { p: { workers: 1, ${body}, stdout: null, tasks: [a], results: { file: r } } }` });
    const { stdout, exitCode } = await runCli(['run'], { cwd });
    expect({ exitCode, isLogged: stdout.includes('kept') }).toEqual({ exitCode: 0, isLogged: false });
    expect(JSON.parse(readFileSync(path.join(cwd, 'r'), 'utf8'))).toMatchObject({ value: 'kept' });
  });

  it.each([
    ['{ text: "of ${{ item }}" }', 'of a'],
    ['{ file: "${{ item }}.txt" }', 'from a file'],
    ['inherit', 'from outside'],
    ['null', ''],
  ])('have the standard input of their pool: %s', async (stdin, expected) => {
    const cwd = tempFolder({ 'a.txt': 'from a file', 'mpctl.yaml': `pools: { p: { workers: 1, command: [cat], stdin: ${stdin}, tasks: [a], results: { file: r } } }` });
    expect(await runCli(['run'], { cwd, input: 'from outside' })).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(readFileSync(path.join(cwd, 'r'), 'utf8'))).toMatchObject({ value: expected });
  });

  it('reach the command byte for byte, whatever is in them', async () => {
    const lines = ['-n', '--', '$(id) `id` $HOME', "it's", 'say "yes"', 'back\\slash', '*', '', '  blanks  ', 'ü🐘', `long ${'x'.repeat(100_000)}`];
    const bytes = Buffer.concat([Buffer.from(`${lines.join('\n')}\nfile `), Buffer.of(0xff, 0x81, 0xc3), Buffer.from('.txt\n')]);
    const cwd = tempFolder({
      'mpctl.yaml': `pools: { p: { workers: 1, command: [sh, -c, 'printf "%s\\n" "$1"; [ "$1" = "$MPCTL_ITEM" ] || echo differs', sh, '\${{ item }}'], tasks: { lines: items }, stdout: { file: out } } }`,
    });
    writeFileSync(path.join(cwd, 'items'), bytes);
    const { exitCode, stdout } = await runCli(['run'], { cwd });
    expect(stdout).toContain('success');
    expect(exitCode).toBe(0);
    expect(readFileSync(path.join(cwd, 'out')).equals(bytes)).toBe(true);
  });

  it('with a NUL in them are refused in words, and the others run', async () => {
    const cwd = tempFolder({ items: 'one\ntwo\0three\nfour\n', 'mpctl.yaml': `pools: { p: { workers: 1, command: [echo, '<\${{ item }}>'], tasks: { lines: items } } }` });
    const { exitCode, stdout, stderr } = await runCli(['run'], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout.match(/<.*>/gu)).toEqual(['<one>', '<four>']);
    expect(`${stdout}${stderr}`).toContain('contains a NUL character');
  });

  it('have the name of a file for a value that is too long, and all of it is there', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': `pools: { p: { workers: 1, command: 'head -c $MPCTL_ITEM /dev/zero | tr "\\\\0" x', tasks: [70000000, 3], results: { file: results.jsonl } } }` });
    const { exitCode, stderr, stdout } = await runCli(['run', '--output', 'quiet'], { cwd });
    expect(exitCode).toBe(0);
    const results = readFileSync(path.join(cwd, 'results.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { value: string | null; output?: string });
    expect(results).toMatchObject([{ fate: 'succeeded', value: null }, { fate: 'succeeded', value: 'xxx' }]);
    expect(readFileSync(results[0]?.output ?? '').equals(Buffer.alloc(70_000_000, 'x'))).toBe(true);
    expect(`${stdout}${stderr}`).toContain('wrote more than can be kept as a value: it is in `');
  });

  it('whose shell is killed are lost, and the pool goes on', async () => {
    const cwd = tempFolder({
      'mpctl.yaml': `pools: { p: { workers: 2, command: '[ $MPCTL_ITEM = 2 ] && kill -9 $PPID; echo "<$MPCTL_ITEM>"', tasks: { range: [1, 5] }, results: { file: results.jsonl } } }`,
    });
    const { exitCode } = await runCli(['run'], { cwd });
    expect(exitCode).toBe(1);
    const results = readFileSync(path.join(cwd, 'results.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { fate: string });
    expect(results.map(({ fate }) => fate)).toEqual(['succeeded', 'lost', 'succeeded', 'succeeded', 'succeeded']);
  });

  it('that take too long or leave somebody behind take their whole group with them, and nobody is left at the end', async () => {
    const script = 'sleep 60 & echo $! >> pids; [ $MPCTL_ITEM = 2 ] && exec sleep 60; exit 0';
    const cwd = tempFolder({ 'mpctl.yaml': `pools: { p: { workers: 2, command: '${script}', tasks: { range: [1, 4] }, timeout: 2s, results: { file: results.jsonl } } }` });
    const { exitCode } = await runCli(['run'], { cwd });
    expect(exitCode).toBe(1);
    const results = readFileSync(path.join(cwd, 'results.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { fate: string });
    expect(results.map(({ fate }) => fate)).toEqual(['succeeded', 'timed_out', 'succeeded', 'succeeded']);
    const pids = readFileSync(path.join(cwd, 'pids'), 'utf8').trimEnd().split('\n');
    expect(pids.length).toBe(4);
    // Where nobody reaps them, what is left of them is a zombie.
    expect(pids.filter((pid) => !['Z', undefined].includes(readProcess(Number(pid))?.state))).toEqual([]);
  });
});

describe('a pool that takes a while', () => {
  it.each([['prefixed', 1], ['grouped', 1], ['quiet', 0]])('says with `--output %s` in a log now and then how far it is', async (output, count) => {
    const cwd = tempFolder({ 'mpctl.yaml': `pools: { p: { workers: 1, command: 'sleep 0.6', tasks: { range: [1, 5] } } }` });
    const { stderr, exitCode } = await runCli(['run', '--output', output], { cwd });
    expect(exitCode).toBe(0);
    expect(stderr.match(/^mpctl: `p`: \d\/5 done, [01] running, \d\.\d\/s, (?:\d+ m|\d+\.\d )s left$/gmu) ?? []).toHaveLength(count);
    expect(stderr.split('\n').filter((line) => line.includes(' done'))).toHaveLength(count);
  });
});
