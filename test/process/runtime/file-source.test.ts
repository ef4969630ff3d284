import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileSource } from '../../../src/runtime/processes/file-source.ts';
import { signalWords } from '../../../src/runtime/processes/signal-text.ts';
import { temporaryFolder } from './worker-harness.ts';

const words = 'Killed\n';
const lookBytes = 1024 * 1024;

test.each([-words.length, -1, 0, 1, words.length - 1, words.length, 200])('the words at the end stay whole where %i bytes are more than one look reads', (more) => {
  const file = join(temporaryFolder(), 'output');
  const size = lookBytes + more;
  writeFileSync(file, 'x'.repeat(size - words.length) + words);
  const source = new FileSource(file);
  let read = 0;
  source.listen((chunk) => {
    read += chunk.length;
  });
  source.look((tail) => signalWords(tail)?.bytes ?? 0);
  expect(signalWords(source.tail(source.size()))).toEqual({ signal: 'SIGKILL', bytes: words.length });
  while (!source.look(() => 0));
  expect(read).toBe(size);
  source.destroy();
});
