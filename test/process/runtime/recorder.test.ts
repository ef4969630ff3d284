import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TaskRecord } from '../../../src/engine/effect.ts';
import type { RunEventBody } from '../../../src/engine/run-event.ts';
import { Recorder } from '../../../src/runtime/recorder.ts';
import { temporaryFolder } from './worker-harness.ts';

const record: TaskRecord = {
  task: 0,
  item: 'a b',
  fate: 'failed',
  value: 'out',
  exitcode: 3,
  signal: null,
  attempts: 1,
  worker: 1,
  startedMs: 250,
  durationMs: 1500,
  command: "measure 'a b'\t--twice",
};

test('a job log has the time of the start on the clock of the world, and one line a task', () => {
  const folder = temporaryFolder();
  const recorder = new Recorder(() => {}, Date.UTC(2026, 0, 1));
  recorder.record({ type: 'record_task', pool: 'p', workingDir: folder, record, resultsFile: null, joblog: 'jobs.tsv' });
  recorder.close();
  expect(readFileSync(join(folder, 'jobs.tsv'), 'utf8').split('\n')).toEqual([
    'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand',
    "1\t:\t1767225600.250\t1.500\t0\t3\t3\t0\tmeasure 'a b' --twice",
    '',
  ]);
});

test('a file that cannot be written is told once, without the words of the system call', () => {
  const folder = temporaryFolder();
  const told: RunEventBody[] = [];
  const recorder = new Recorder((event) => told.push(event), 0);
  const effect = { type: 'record_task', pool: 'p', workingDir: folder, record, resultsFile: 'none/r.jsonl', joblog: null } as const;
  recorder.record(effect);
  recorder.record(effect);
  recorder.close();
  const message = `the results of \`p\` cannot be written to \`${join(folder, 'none', 'r.jsonl')}\`: ENOENT: no such file or directory`;
  expect(told).toEqual([{ type: 'warning', code: 'MP844', message, instance: 'p' }]);
});
