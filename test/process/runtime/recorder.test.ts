import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, writeFileSync } from 'node:fs';
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
  value: 'out', outputFile: null,
  exitcode: 3,
  signal: null,
  attempts: 1,
  worker: 1,
  startedMs: 100,
  durationMs: 1650,
  lastAttempt: { startedMs: 250, durationMs: 1500, stdoutBytes: 4 },
  command: "measure 'a b'\t--twice\ndone",
};

test('a job log has the start of the last attempt on the clock of the world, and one line a task', () => {
  const folder = temporaryFolder();
  const recorder = new Recorder(() => {}, (atMs) => Date.UTC(2026, 0, 1) + atMs);
  recorder.record({ type: 'record_task', pool: 'p', workingDir: folder, record, resultsFile: null, joblog: 'jobs.tsv' });
  recorder.close();
  expect(readFileSync(join(folder, 'jobs.tsv'), 'utf8').split('\n')).toEqual([
    'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand',
    "1\t:\t1767225600.250\t     1.500\t0\t4\t3\t0\tmeasure 'a b'\t--twice\0done",
    '',
  ]);
});

test('a command in a job log has the bytes that are no UTF-8, so that it can be run again by it', () => {
  const folder = temporaryFolder();
  const recorder = new Recorder(() => {}, (atMs) => atMs);
  const ofBytes = { ...record, command: "cat 'name-\u{DCFF}'" };
  recorder.record({ type: 'record_task', pool: 'p', workingDir: folder, record: ofBytes, resultsFile: null, joblog: 'jobs.tsv' });
  recorder.close();
  expect(readFileSync(join(folder, 'jobs.tsv'), 'latin1').split('\t').at(-1)).toBe("cat 'name-\u{FF}'\n");
});

const files = { type: 'open_results', pool: 'p', resultsFile: null, joblog: null } as const;
const entry = { type: 'record_task', pool: 'p', record, resultsFile: null, joblog: null } as const;

test('says why a file cannot be opened, and writes the other one', () => {
  const workingDir = temporaryFolder();
  const recorder = new Recorder(() => {}, (atMs) => atMs);
  const why = `its results cannot be written to \`${join(workingDir, 'none', 'r.jsonl')}\`: there is no folder \`${join(workingDir, 'none')}\` (\`mkdir -p\` makes it)`;
  expect(recorder.open({ ...files, workingDir, resultsFile: 'none/r.jsonl', joblog: 'jobs.tsv' })).toBe(why);
  recorder.record({ ...entry, workingDir, resultsFile: 'none/r.jsonl', joblog: 'jobs.tsv' });
  expect(recorder.closePool('p')).toBe(why);
  expect(readFileSync(join(workingDir, 'jobs.tsv'), 'utf8').trim().split('\n')).toHaveLength(2);
});

test('says at the closing that a line could not be written', () => {
  const recorder = new Recorder(() => {}, (atMs) => atMs);
  expect(recorder.open({ ...files, workingDir: '/', resultsFile: '/dev/full' })).toBeNull();
  recorder.record({ ...entry, workingDir: '/', resultsFile: '/dev/full' });
  recorder.record({ ...entry, workingDir: '/', resultsFile: '/dev/full' });
  expect(recorder.closePool('p')).toBe('its results cannot be written to `/dev/full`: ENOSPC: no space left on device');
  expect(recorder.closePool('p')).toBeNull();
});

test.each(['resultsFile', 'joblog'] as const)('says that not all is in its files once a line of `%s` could not be written', (use) => {
  const workingDir = temporaryFolder();
  const pipe = join(workingDir, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const recorder = new Recorder(() => {}, (atMs) => atMs);
  expect(recorder.open({ ...files, workingDir, [use]: pipe })).toBeNull();
  recorder.record({ ...entry, workingDir, [use]: pipe });
  expect(recorder.writeFor('p')).toBe(true);
  closeSync(reader);
  recorder.record({ ...entry, workingDir, [use]: pipe });
  expect(recorder.writeFor('p')).toBe(false);
  expect(recorder.closePool('p')).toContain('EPIPE');
});

test('calls the job log by its name where it cannot be opened or written', () => {
  const workingDir = temporaryFolder();
  const recorder = new Recorder(() => {}, (atMs) => atMs);
  const missing = join(workingDir, 'none', 'jobs.tsv');
  expect(recorder.open({ ...files, workingDir, joblog: missing })).toBe(`its \`joblog\` cannot be written to \`${missing}\`: there is no folder \`${join(workingDir, 'none')}\` (\`mkdir -p\` makes it)`);
  const full = 'its `joblog` cannot be written to `/dev/full`: ENOSPC: no space left on device';
  expect(recorder.open({ ...files, workingDir, joblog: '/dev/full' })).toBe(full);
  recorder.record({ ...entry, workingDir, joblog: '/dev/full' });
  expect(recorder.closePool('p')).toBe(full);
});

test('a file is emptied when the run first opens it, and has one head', () => {
  const workingDir = temporaryFolder();
  writeFileSync(join(workingDir, 'jobs.tsv'), 'of the run before\n');
  const recorder = new Recorder(() => {}, (atMs) => atMs);
  for (const pool of ['p', 'p', 'q']) {
    recorder.open({ ...files, pool, workingDir, joblog: 'jobs.tsv' });
    recorder.record({ ...entry, pool, workingDir, joblog: 'jobs.tsv' });
    recorder.closePool(pool);
  }
  expect(readFileSync(join(workingDir, 'jobs.tsv'), 'utf8').trim().split('\n').map((line) => line.split('\t')[0])).toEqual(['Seq', '1', '1', '1']);
});

test('what a pool that never started cannot write is told once, without the words of the system call', () => {
  const folder = temporaryFolder();
  const told: RunEventBody[] = [];
  const recorder = new Recorder((event) => told.push(event), (atMs) => atMs);
  const effect = { type: 'record_task', pool: 'p', workingDir: folder, record, resultsFile: 'none/r.jsonl', joblog: null } as const;
  recorder.record(effect);
  recorder.record(effect);
  recorder.close();
  const message = `\`p\`: its results cannot be written to \`${join(folder, 'none', 'r.jsonl')}\`: there is no folder \`${join(folder, 'none')}\` (\`mkdir -p\` makes it)`;
  expect(told).toEqual([{ type: 'warning', code: 'MP844', message, instance: 'p' }]);
});

test.each([
  ['a task that failed without a process', { fate: 'failed', exitcode: null }, ['1\t0']],
  ['a task whose worker died under it', { fate: 'lost', exitcode: null }, ['1\t0']],
  ['a task whose worker has ended under it as if it were well', { fate: 'lost', exitcode: 0 }, ['1\t0']],
  ['a task whose time was over, and that then ended well', { fate: 'timed_out', exitcode: 0 }, ['-1\t0']],
  ['a task whose time was over, and that was killed', { fate: 'timed_out', exitcode: -15, signal: 'SIGTERM' }, ['-1\t15']],
  ['a task that was to end with another code', { fate: 'failed', exitcode: 0 }, ['1\t0']],
  ['a task that was ended by a signal', { fate: 'signalled', exitcode: -9, signal: 'SIGKILL' }, ['0\t9']],
  ['steps that succeeded', { fate: 'succeeded', exitcode: 0 }, ['0\t0']],
  ['a task that was cancelled', { fate: 'cancelled', exitcode: null }, []],
])('%s is in the job log with how it ended, if it did', (_, change, lines) => {
  const folder = temporaryFolder();
  const recorder = new Recorder(() => {}, (atMs) => atMs);
  recorder.open({ type: 'open_results', pool: 'p', workingDir: folder, resultsFile: null, joblog: 'jobs.tsv' });
  recorder.record({ type: 'record_task', pool: 'p', workingDir: folder, record: { ...record, ...change }, resultsFile: null, joblog: 'jobs.tsv' });
  recorder.close();
  const rows = readFileSync(join(folder, 'jobs.tsv'), 'utf8').trimEnd().split('\n').slice(1);
  expect(rows.map((row) => row.split('\t').slice(6, 8).join('\t'))).toEqual(lines);
});
