import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { groupIsAlive } from '../../../src/runtime/processes/group-looks.ts';
import { guardianScript } from '../../../src/runtime/processes/guardian-script.ts';
import { afterTest, temporaryFolder } from './worker-harness.ts';

/** As many as fit into one argument, and more than a shell writes into a pipe of its own. */
const leavings = 1000;

test('a guardian that mpctl has told nothing any more ends and removes what it knows from its birth on', async () => {
  const folder = temporaryFolder();
  const record = join(folder, 'run.json');
  writeFileSync(record, '{"end":null}');
  const paths = Array.from({ length: leavings }, (_, index) => join(folder, `left ${index}`));
  for (const path of paths) mkdirSync(path);
  const worker = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
  const { pid } = worker;
  if (pid === undefined) throw new Error('there is no `sleep`');
  afterTest(() => {
    worker.kill('SIGKILL');
  });
  const known = [`+ ${pid}`, ...paths.map((path) => `rm ${path}`)].join('\n');
  const guardian = spawn('/bin/sh', ['-c', guardianScript, 'mpctl-guardian', 'nobody-has-this', '1', record, '', 'outside', known], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ends = [once(worker, 'exit'), once(guardian, 'exit')];
  guardian.stdin.destroy();
  const [ofWorker] = await Promise.all(ends);
  expect(ofWorker).toEqual([null, 'SIGTERM']);
  expect(groupIsAlive(pid)).toBe(false);
  expect(paths.filter((path) => existsSync(path))).toEqual([]);
  expect(readFileSync(record, 'utf8')).toContain('"outcome":"killed"');
});
