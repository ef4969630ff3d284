import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, asyncProperty, constantFrom, nat, oneof, record } from 'fast-check';
import { expect, test } from 'vitest';
import { requestFor, temporaryFifos, temporaryFolder, temporarySlots, watchInSlot } from './worker-harness.ts';

const odd = ['', ' ', '=', '-n', '--', "it's", '"', '$HOME', '`id`', '$(id)', '\\n', '*', 'ü🐘', 'a\nb', '\n', 'a\n\n', '\u0001\u0081\u0088\u007F', '%s', 'M', 'x1', '= 1 0', 'y'.repeat(100_000)];

test('arguments and variables arrive byte for byte, whatever is in them', async () => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  for (const [index, text] of odd.entries()) {
    const request = requestFor(['/bin/sh', '-c', 'printf "[%s]" "$@"; printf "(%s)" "$ODD"', 'sh', text, ...odd.slice(0, index)], { fifos, maxLineBytes: 1_000_000 });
    const worker = watchInSlot(slots, { ...request, env: { ...request.env, ODD: text } });
    await worker.drained;
    expect(worker.stdout.join('\n')).toBe(`${[text, ...odd.slice(0, index)].map((one) => `[${one}]`).join('')}(${text})`);
  }
});

test('a command that shares words and variables with the one before has its own', async () => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  const script = 'printf "[%s]" "$0" "$@"; printf "(%s)" "$MPCTL_ITEM" "$MPCTL_TASK" "$MPCTL_AUTHKEY" "$OTHER"';
  const text = constantFrom(...odd.filter((one) => one.length < 100), '0', '1', '12', 'a', 'ab');
  const task = record({ words: array(text, { maxLength: 6 }), item: text, task: nat(), key: oneof(text, nat().map((number) => `p-1.${'0'.repeat(16)}${String(number).padStart(8, '0')}`)), other: text });
  // The same words often follow each other, as they do in a pool.
  const tasks = array(task, { minLength: 20, maxLength: 20 }).chain((list) => array(nat(5), { minLength: 20, maxLength: 20 }).map((kept) => list.map((one, index) => ({ ...one, words: [...(list[index - 1]?.words ?? []).slice(0, kept[index]), ...one.words] }))));
  await assert(
    asyncProperty(tasks, async (list) => {
      for (const { words, item, task: number, key, other } of list) {
        const request = requestFor(['/bin/sh', '-c', script, 'sh', ...words], { fifos, maxLineBytes: 1_000_000 });
        const worker = watchInSlot(slots, { ...request, env: { ...request.env, MPCTL_ITEM: item, MPCTL_TASK: String(number), MPCTL_AUTHKEY: key, OTHER: other } });
        await worker.drained;
        const wanted = `${['sh', ...words].map((one) => `[${one}]`).join('')}${[item, number, key, other].map((one) => `(${one})`).join('')}`;
        expect(worker.stdout.join('\n')).toBe(wanted);
      }
    }),
    { numRuns: 15 },
  );
});

test('a command with one word after its first one has its own, in whatever way it and the one before are run', async () => {
  const fifos = temporaryFifos();
  const slots = temporarySlots(fifos);
  const folder = temporaryFolder();
  const script = 'printf "%s:" "$1" "$MPCTL_ITEM" "$MPCTL_TASK"; false; printf "there are $#"';
  const program = join(folder, 'show');
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const text = constantFrom(...odd.filter((one) => one.length < 100), '0', '1', '12', 'a', 'ab');
  const task = record({ way: constantFrom('program', 'program', 'script', 'script that stops', 'printenv'), word: text, item: oneof(constantFrom(null), text), number: nat(3) });
  const argvOf = (way: string, word: string): readonly string[] => {
    if (way === 'program') return [program, word];
    if (way === 'printenv') return ['printenv', word === '' ? 'MPCTL_TASK' : 'MPCTL_ITEM'];
    return ['/bin/sh', ...(way === 'script' ? [] : ['-e']), '-c', script, '/bin/sh', word];
  };
  await assert(
    asyncProperty(array(task, { minLength: 20, maxLength: 20 }), async (list) => {
      for (const { way, word, item, number } of list) {
        const request = requestFor([...argvOf(way, word)], { fifos, maxLineBytes: 1_000_000 });
        const worker = watchInSlot(slots, { ...request, env: { ...request.env, MPCTL_ITEM: item ?? word, MPCTL_TASK: String(number) } });
        await worker.drained;
        const stops = way === 'script that stops';
        const printed = word === '' ? `${number}` : (item ?? word);
        expect(worker.stdout.join('\n')).toBe(way === 'printenv' ? printed : `${word}:${item ?? word}:${number}:${stops ? '' : 'there are 1'}`);
        expect(await worker.exited).toEqual({ code: stops ? 1 : 0, signal: null });
      }
    }),
    { numRuns: 15 },
  );
});
