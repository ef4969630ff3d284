import { constants } from 'node:buffer';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TaskRecord } from '../../../src/engine/effect.ts';
import { EarlierTasks, type SettledFate } from '../../../src/engine/earlier-tasks.ts';
import { itemDigest } from '../../../src/engine/item-digest.ts';
import type { RunEventBody } from '../../../src/engine/run-event.ts';
import { FateLog } from '../../../src/runtime/fate-log.ts';
import { Recorder } from '../../../src/runtime/recorder.ts';
import { continueResults, type ResumedPool } from '../../../src/runtime/resumed-files.ts';
import { beginFates, fatesFile, heldFile, readEarlierTasks } from '../../../src/runtime/run-folder/fates-folder.ts';
import { tidyResults } from '../../../src/runtime/tidy-results.ts';
import { temporaryFolder } from './worker-harness.ts';

function recordOf(task: number, fate: string, value = `v${task}`): TaskRecord {
  const lastAttempt = { startedMs: 0, durationMs: 0, stdoutBytes: 0 };
  return { task, item: `i${task}`, fate, value, exitcode: fate === 'succeeded' ? 0 : 1, signal: null, attempts: 1, worker: 1, startedMs: 0, durationMs: 0, lastAttempt, outputFile: null, command: `do i${task}` };
}

function line(task: number, fate: string, value = `v${task}`): string {
  return `${JSON.stringify({ task, item: `i${task}`, fate, value })}\n`;
}

function earlier(fates: readonly (readonly [number, SettledFate])[]): EarlierTasks {
  const tasks = new EarlierTasks(false);
  for (const [number, fate] of fates) tasks.note(number, fate, itemDigest(`i${number}`));
  return tasks;
}

/** The tasks of the records in a file, each with its fate and value. */
function tasksIn(file: string): readonly unknown[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((text) => {
    const { task, fate, value } = JSON.parse(text) as { task: unknown; fate: unknown; value: unknown };
    return [task, fate, value];
  });
}

const keepAll = { keeps: () => true, extra: new Map<number, () => string>(), byTask: true };

describe('tidying a file of results', () => {
  test('leaves one record a task, the last of each, and takes out what is no record', () => {
    const file = join(temporaryFolder(), 'r.jsonl');
    writeFileSync(file, `${line(2, 'failed')}${line(0, 'succeeded')}no record\n${line(2, 'succeeded', 'new')}${line(1, 'cancelled')}{"task":3,"item":"i3","fa`);
    chmodSync(file, 0o640);
    const present = tidyResults(file, { keeps: (task) => task !== 1, extra: new Map([[0, () => line(0, 'x')], [5, () => line(5, 'succeeded')]]), byTask: false });
    expect([...(present ?? [])]).toEqual([0, 2, 5]);
    expect(tasksIn(file)).toEqual([[0, 'succeeded', 'v0'], [2, 'succeeded', 'new'], [5, 'succeeded', 'v5']]);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(file, '..'))).toEqual(['r.jsonl']);
  });

  test('brings records into the order of their tasks, also those longer than a piece that is read', () => {
    const file = join(temporaryFolder(), 'r.jsonl');
    const long = 'x'.repeat(1_500_000);
    writeFileSync(file, [line(3, 'succeeded'), line(1, 'succeeded', long), line(0, 'succeeded', `ü${long}`), line(2, 'succeeded')].join(''));
    tidyResults(file, keepAll);
    expect(tasksIn(file)).toEqual([[0, 'succeeded', `ü${long}`], [1, 'succeeded', long], [2, 'succeeded', 'v2'], [3, 'succeeded', 'v3']]);
  });

  test('does not touch one that is tidy, follows a link, and leaves alone what is no file', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'r.jsonl');
    writeFileSync(file, `${line(0, 'succeeded')}${line(1, 'succeeded')}`);
    const { ino } = statSync(file);
    tidyResults(file, keepAll);
    expect(statSync(file).ino).toBe(ino);
    symlinkSync(file, join(folder, 'link'));
    tidyResults(join(folder, 'link'), { ...keepAll, keeps: (task) => task === 1 });
    expect(tasksIn(file)).toEqual([[1, 'succeeded', 'v1']]);
    expect(tidyResults('/dev/null', keepAll)).toBeNull();
    expect(tidyResults(join(folder, 'none'), keepAll)).toEqual(new Set());
    expect(readdirSync(folder)).toEqual(['link', 'r.jsonl']);
  });
});

describe('the files of a pool that goes on from an earlier run', () => {
  const files = { type: 'open_results', pool: 'p', resultsFile: 'r.jsonl', joblog: 'j.tsv' } as const;
  const head = 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n';

  function goOn(folder: string, resumed: Omit<ResumedPool, 'heldFile'>, records: readonly TaskRecord[]): readonly RunEventBody[] {
    const told: RunEventBody[] = [];
    const recorder = new Recorder((body) => told.push(body), (atMs) => 1000 + atMs, new Map([['p', { ...resumed, heldFile: join(folder, 'held') }]]));
    expect(recorder.open({ ...files, workingDir: folder })).toBeNull();
    for (const record of records) recorder.record({ ...files, type: 'record_task', workingDir: folder, record });
    expect(recorder.closePool('p')).toBeNull();
    return told;
  }

  test('have in the end one record a task in order, and a job log with all that ran', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'r.jsonl'), [line(0, 'succeeded'), line(1, 'failed'), line(2, 'succeeded'), line(4, 'cancelled')].join(''));
    writeFileSync(join(folder, 'j.tsv'), `${head}1\t:\t1.000\tdo i0\n2\t:\t1.0${'x'.repeat(100_000)}`);
    writeFileSync(join(folder, 'held'), `${JSON.stringify({ task: 3, results: line(3, 'succeeded'), joblog: '4\t:\t1.000\tdo i3\n' })}\n${JSON.stringify({ task: 0, results: line(0, 'x'), joblog: '1\t:\t1.000\tdo i0\n' })}\n{"task":9,"res`);
    const told = goOn(folder, { tasks: earlier([[0, 'succeeded'], [1, 'failed'], [2, 'succeeded'], [3, 'succeeded']]), byTask: true, isShared: false }, [recordOf(1, 'succeeded', 'new'), recordOf(4, 'failed')]);
    expect(told).toEqual([]);
    expect(tasksIn(join(folder, 'r.jsonl'))).toEqual([[0, 'succeeded', 'v0'], [1, 'succeeded', 'new'], [2, 'succeeded', 'v2'], [3, 'succeeded', 'v3'], [4, 'failed', 'v4']]);
    expect(readFileSync(join(folder, 'j.tsv'), 'utf8').split('\n').map((text) => text.split('\t')[0])).toEqual(['Seq', '1', '4', '2', '5', '']);
  });

  test('have a command with bytes that are no UTF-8 once in the job log, as it was', () => {
    const folder = temporaryFolder();
    const job = (number: number): string => `${number}\t:\t1.000\tdo name-`;
    writeFileSync(join(folder, 'j.tsv'), Buffer.from(`${head}${job(1)}\u{FF}\n`, 'latin1'));
    const held = [1, 2].map((number) => `${JSON.stringify({ task: number - 1, results: null, joblog: `${job(number)}\u{DCFF}\n` })}\n`);
    writeFileSync(join(folder, 'held'), held.join(''));
    goOn(folder, { tasks: earlier([[0, 'succeeded'], [1, 'succeeded']]), byTask: true, isShared: false }, []);
    expect(readFileSync(join(folder, 'j.tsv'), 'latin1')).toBe(`${head}${job(1)}\u{FF}\n${job(2)}\u{FF}\n`);
  });

  test('have what was held back of them, also where that is more than one text can have', () => {
    const folder = temporaryFolder();
    const [results, held] = [join(folder, 'r.jsonl'), join(folder, 'held')];
    // What is not written takes no room on the disk.
    const fd = openSync(held, 'w');
    const apart = 1024 * 1024;
    const last = apart * Math.ceil((constants.MAX_STRING_LENGTH + 1) / apart);
    for (let at = apart; at < last; at += apart) writeSync(fd, '\n', at);
    writeSync(fd, `\n${JSON.stringify({ task: 1, results: line(1, 'succeeded'), joblog: null })}\n`, last);
    closeSync(fd);
    expect(continueResults(results, { tasks: earlier([[1, 'succeeded']]), heldFile: held, byTask: true, isShared: false })).toBe(0);
    expect(tasksIn(results)).toEqual([[1, 'succeeded', 'v1']]);
  });

  test('stay as they are behind each other where the order is that of the ends', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'r.jsonl'), `${line(2, 'succeeded')}${line(0, 'succeeded')}`);
    goOn(folder, { tasks: earlier([[0, 'succeeded'], [2, 'succeeded']]), byTask: false, isShared: false }, [recordOf(1, 'succeeded')]);
    expect(tasksIn(join(folder, 'r.jsonl')).map((record) => (record as number[])[0])).toEqual([2, 0, 1]);
    expect(readFileSync(join(folder, 'j.tsv'), 'utf8')).toMatch(/^Seq\t.*\n2\t.*\n$/u);
  });

  test('are only added to where another pool writes there', () => {
    const folder = temporaryFolder();
    const before = `${line(0, 'failed')}${line(0, 'succeeded')}`;
    writeFileSync(join(folder, 'r.jsonl'), before);
    goOn(folder, { tasks: earlier([]), byTask: true, isShared: true }, [recordOf(0, 'succeeded', 'new')]);
    expect(readFileSync(join(folder, 'r.jsonl'), 'utf8').startsWith(before)).toBe(true);
    expect(tasksIn(join(folder, 'r.jsonl'))).toHaveLength(3);
  });

  test('are told of where they lack what has succeeded', () => {
    const folder = temporaryFolder();
    const tasks = earlier([[0, 'succeeded'], [1, 'succeeded'], [2, 'succeeded'], [3, 'failed']]);
    // The record of another item is that of another task.
    writeFileSync(join(folder, 'r.jsonl'), `${line(0, 'succeeded')}${line(1, 'succeeded').replace('i1', 'another')}`);
    const message = `\`${join(folder, 'r.jsonl')}\` lacks the results of 2 tasks of \`p\` that succeeded before`;
    expect(goOn(folder, { tasks, byTask: true, isShared: false }, [])).toEqual([{ type: 'warning', code: 'MP862', message, instance: 'p' }]);
    expect(tasksIn(join(folder, 'r.jsonl'))).toEqual([[0, 'succeeded', 'v0']]);
  });
});

describe('the fates of a run', () => {
  const ended = (task: number, fate: SettledFate | 'cancelled', pool = 'p'): RunEventBody => ({
    type: 'task.ended', pool, task, item: `i${task}`, fate, value: null, exitcode: 0, signal: null, attempts: 1, worker: 1, durationMs: 0, why: '', hint: null,
  });

  function logIn(runFolder: string, told: RunEventBody[] = [], writeRecords = (): boolean => true): FateLog {
    return new FateLog({ runFolder, pools: ['p', 'q'], wallMs: (atMs) => 1000 + atMs, writeRecords, report: (body) => told.push(body) });
  }

  test('are written with the records that were held back, and read by the next run and the one after it', () => {
    const [first, second, third] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    beginFates(first, ['p', 'q'], null);
    const log = logIn(first);
    log.hold({ type: 'hold_record', pool: 'p', record: recordOf(2, 'succeeded'), results: true, joblog: false });
    log.hold({ type: 'hold_record', pool: 'p', record: recordOf(3, 'failed'), results: true, joblog: true });
    for (const body of [ended(0, 'succeeded'), ended(2, 'succeeded'), ended(3, 'failed'), ended(4, 'cancelled'), ended(0, 'succeeded', 'other')]) log.note(body);
    // Its turn has come.
    log.recorded('p', 3);
    log.close();
    expect(readFileSync(fatesFile(first, 'p'), 'utf8')).toMatch(/^succeeded 0 \S{8}\nfailed 3 \S{8}\nsucceeded 2 \S{8}\n$/u);
    expect(readdirSync(join(first, 'fates')).toSorted()).toEqual(['p', 'p.held', 'q']);
    expect(readFileSync(heldFile(first, 'p'), 'utf8')).toContain('{"task":2,"results":"{\\"task\\":2,');
    expect(readFileSync(heldFile(first, 'p'), 'utf8').trimEnd().split('\n')).toHaveLength(1);
    // Whatever cut it off.
    writeFileSync(fatesFile(first, 'p'), 'failed 7 12', { flag: 'a' });
    beginFates(second, ['p', 'new'], first);
    const next = logIn(second);
    next.note(ended(3, 'succeeded'));
    next.note(ended(9, 'failed'));
    next.close();
    beginFates(third, ['p'], second);
    const tasks = readEarlierTasks(third, false);
    expect([...tasks.keys()].toSorted()).toEqual(['new', 'p', 'q']);
    const verdicts = Array.from({ length: 10 }, (_, number) => tasks.get('p')?.verdict(number, `i${number}`));
    expect(verdicts).toEqual(['succeeded', 'run', 'succeeded', 'succeeded', 'run', 'run', 'run', 'run', 'run', 'run']);
    expect(readEarlierTasks(third, true).get('p')?.verdict(9, 'i9')).toBe('run');
    expect(readEarlierTasks(third, true).get('p')?.verdict(1, 'i1')).toBe('left_out');
  });

  test('have the long values of records that were held back: in memory, on the disk, or where that cannot be written in memory again', async () => {
    const folder = temporaryFolder();
    mkdirSync(heldFile(folder, 'q'), { recursive: true });
    const log = logIn(folder);
    const long = (task: number): TaskRecord => {
      const record = recordOf(task, 'succeeded', `${String(task)}${'ü'.repeat(3000)}`);
      return { ...record, lastAttempt: { ...record.lastAttempt, stdoutBytes: 6001 } };
    };
    const pools = ['p', 'q', 'from a queue'];
    for (const pool of pools) for (const task of [1, 2, 3]) log.hold({ type: 'hold_record', pool, record: long(task), results: true, joblog: false });
    const valueOf = (pool: string, task: number): unknown => {
      const results = log.heldResults(pool, task);
      return results === null ? null : (JSON.parse(results) as { readonly value: unknown }).value;
    };
    const values = (): unknown => pools.map((pool) => [valueOf(pool, 2), valueOf(pool, 3)]);
    const wanted = pools.map(() => [long(2).value, long(3).value]);
    expect(values()).toEqual(wanted);
    for (const pool of pools) log.note(ended(2, 'succeeded', pool));
    await expect.poll(() => (existsSync(heldFile(folder, 'p')) ? readFileSync(heldFile(folder, 'p'), 'utf8').split('\n').length : 0)).toBe(4);
    expect(values()).toEqual(wanted);
    for (const pool of pools) log.recorded(pool, 2);
    expect(pools.map((pool) => valueOf(pool, 2))).toEqual([null, null, null]);
    log.close();
  });

  test('are written after the records of their tasks', () => {
    const folder = temporaryFolder();
    beginFates(folder, ['p'], null);
    const seen: string[] = [];
    const log = logIn(folder, [], () => seen.push(readFileSync(fatesFile(folder, 'p'), 'utf8')) > 0);
    log.note(ended(0, 'succeeded'));
    log.close();
    expect(seen).toEqual(['']);
    expect(readFileSync(fatesFile(folder, 'p'), 'utf8')).toMatch(/^succeeded 0 \S{8}\n$/u);
  });

  test('are those of the first life of a pool alone', () => {
    const folder = temporaryFolder();
    beginFates(folder, ['p'], null);
    const log = logIn(folder);
    const end: RunEventBody = { type: 'pool.ended', pool: 'p', state: 'succeeded', reason: 'exited', succeeded: 1, failed: 0, cancelled: 0, durationMs: 0, why: '', allowed: false };
    for (const body of [ended(0, 'succeeded'), end, ended(0, 'failed'), ended(1, 'succeeded')]) log.note(body);
    log.close();
    expect(readFileSync(fatesFile(folder, 'p'), 'utf8')).toMatch(/^succeeded 0 [0-9a-f]{8}\n$/u);
  });

  test('that cannot be written are told of once, and stop nothing', () => {
    const folder = temporaryFolder();
    mkdirSync(fatesFile(folder, 'p'), { recursive: true });
    mkdirSync(heldFile(folder, 'q'), { recursive: true });
    const told: RunEventBody[] = [];
    const log = logIn(folder, told);
    log.note(ended(0, 'succeeded'));
    log.hold({ type: 'hold_record', pool: 'q', record: recordOf(0, 'succeeded'), results: true, joblog: false });
    log.note(ended(0, 'succeeded', 'q'));
    log.close();
    const message = `the fates of tasks cannot be written to \`${fatesFile(folder, 'p')}\` (EISDIR: illegal operation on a directory): where this run is resumed, some tasks run again`;
    expect(told).toEqual([{ type: 'warning', code: 'MP861', message, instance: null }]);
    // A task whose result is nowhere has to run again.
    expect(readdirSync(join(folder, 'fates')).toSorted()).toEqual(['p', 'q.held']);
  });
});
