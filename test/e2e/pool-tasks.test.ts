import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import path from 'node:path';
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
    expect(`${stdout}${stderr}`).toContain('its tasks cannot be read: line 2 of `jobs.jsonl` is not JSON');
    expect(stdout).not.toContain('<3>');
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
