import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import type { Effect } from '../../../src/engine/effect.ts';
import { TaskSources } from '../../../src/runtime/task-sources.ts';
import { afterTest, temporaryFolder } from './worker-harness.ts';

type Source = Extract<Effect, { type: 'read_tasks' }>['source'];

/** A folder with these files, path to text. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Everything that a source gives, two items at a time, and why it ended before its end. */
async function readAll(workingDir: string, source: Source): Promise<{ readonly items: readonly Json[]; readonly failure: string | null }> {
  const items: Json[] = [];
  return new Promise((resolve) => {
    const sources = new TaskSources((event) => {
      if (event.type !== 'tasks') return;
      items.push(...event.items);
      if (event.ended) resolve({ items, failure: event.failure?.message ?? null });
      else readOn();
    });
    const readOn = (): void => sources.read({ type: 'read_tasks', pool: 'p', life: 1, source, workingDir, count: 2 });
    afterTest(() => sources.close());
    readOn();
  });
}

describe('the names of files', () => {
  const files = ['b.txt', 'a.txt', 'C.txt', 'a10.txt', 'a9.txt', '.hidden.txt', 'deep/er/z.txt', 'deep/b.txt', 'deep/.hidden/a.txt', '.git/a.txt', 'folder.txt/inside', 'other.md'];
  const workingDir = (): string => folderOf(Object.fromEntries(files.map((name) => [name, ''])));

  test.each([
    ['*.txt', ['C.txt', 'a.txt', 'a10.txt', 'a9.txt', 'b.txt']],
    ['**/*.txt', ['C.txt', 'a.txt', 'a10.txt', 'a9.txt', 'b.txt', 'deep/b.txt', 'deep/er/z.txt']],
    ['deep/**', ['deep/b.txt', 'deep/er/z.txt']],
    ['{other,a}.*', ['a.txt', 'other.md']],
    ['.hidden.*', ['.hidden.txt']],
    ['deep', []],
    ['*.none', []],
  ])('%s: sorted, without folders, and without what begins with a dot unless the pattern does', async (pattern, items) => {
    expect(await readAll(workingDir(), { type: 'glob', pattern })).toEqual({ items, failure: null });
  });
});

describe('the lines of a file', () => {
  test.each([
    ['text', 'one\n2\n{"a": 3}', ['one', '2', '{"a": 3}']],
    ['text', 'ends with a newline\r\n\n é \n', ['ends with a newline', '', ' é ']],
    ['json', '"one"\n2\n{"a": 3}', ['one', 2, { a: 3 }]],
    ['json', 'null\r\n[true]\r\n', [null, [true]]],
    ['json', '', []],
  ] as const)('as %s: %j', async (format, text, items) => {
    expect(await readAll(folderOf({ tasks: text }), { type: 'lines', file: 'tasks', format })).toEqual({ items, failure: null });
  });

  test.each([
    ['in the middle', '1\n2\n{no\n4\n', [1, 2], 3],
    ['at the end, without a newline', '1\n{no', [1], 2],
  ])('that are no JSON, %s, end the tasks and are told by their file and number', async (_, text, items, line) => {
    expect(await readAll(folderOf({ tasks: text }), { type: 'lines', file: 'tasks', format: 'json' })).toEqual({
      items,
      failure: `line ${line} of \`tasks\` is not JSON`,
    });
  });
});
