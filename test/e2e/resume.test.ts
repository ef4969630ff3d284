import { readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EarlierTasks } from '../../src/engine/earlier-tasks.ts';
import { awaitEndOfKilled } from '../../src/runtime/run-folder/await-end-of-killed.ts';
import { readFates } from '../../src/runtime/run-folder/fates-text.ts';
import { listRuns } from '../../src/runtime/run-folder/run-record.ts';
import { livingWorkers } from '../rig/living-workers.ts';
import { runCli, startCli, type CliRun } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');
const taskCount = 60;
const workers = 3;

/** Each task says that it begins and that it has done its work, in files that outlive every run. */
const spec = `
pools:
  p:
    workers: ${String(workers)}
    command: |
      echo "$MPCTL_ITEM" >> begun.txt
      sleep 0.0$((MPCTL_TASK % 7))
      echo "$MPCTL_ITEM" >> done.txt
      echo "done $MPCTL_ITEM"
    tasks: { range: [100, ${String(99 + taskCount)}] }
    results: { file: results.jsonl }
    joblog: jobs.tsv
`;

const items = Array.from({ length: taskCount }, (_, number) => 100 + number);

function lines(cwd: string, name: string): readonly string[] {
  return readFileSync(path.join(cwd, name), 'utf8').trimEnd().split('\n');
}

function runIds(cwd: string): readonly string[] {
  return readdirSync(path.join(cwd, '.mpctl', 'runs')).toSorted();
}

/** Of the last run, the items of tasks that it says have succeeded. */
function succeededIn(cwd: string): readonly number[] {
  const tasks = new EarlierTasks(false);
  readFates(readFileSync(path.join(cwd, '.mpctl', 'runs', runIds(cwd).at(-1) ?? '', 'fates', 'p'), 'utf8'), tasks);
  return items.filter((_, number) => tasks.hasSucceeded(number));
}

/** The results are whole: one of each task, in order, and every one has succeeded. */
function expectWholeResults(cwd: string): void {
  const results = lines(cwd, 'results.jsonl').map((line) => JSON.parse(line) as unknown);
  expect(results).toMatchObject(items.map((item, task) => ({ task, item, fate: 'succeeded', value: `done ${item}` })));
}

/** Until nothing of the runs is alive that could still write. */
async function nothingLeft(cwd: string): Promise<void> {
  for (const run of listRuns(path.join(cwd, '.mpctl', 'runs'))) await awaitEndOfKilled(run);
  expect(runIds(cwd).flatMap(livingWorkers)).toEqual([]);
}

async function interrupted(cwd: string, signal: 'SIGINT' | 'SIGKILL', doneCount: number, argv: readonly string[] = ['run']): Promise<CliRun> {
  const run = await startCli(argv, { cwd });
  await run.waitUntil(({ stdout }) => stdout.split('done ').length > doneCount, `${doneCount} tasks`);
  run.kill(signal);
  await run.result;
  return run;
}

describe('a run that was stopped by Ctrl-C', () => {
  it('is gone on with from where it was, and everything is done once', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': spec });
    await interrupted(cwd, 'SIGINT', 12);
    const before = succeededIn(cwd);
    // One in each slot may have said that it is done, and be stopped before it has ended.
    expect(before.length).toBeGreaterThanOrEqual(12 - workers);
    expect(before.length).toBeLessThan(taskCount);
    const { stdout, stderr, exitCode } = await runCli(['run', '--resume', 'last'], { cwd });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`mpctl: going on from the run ${runIds(cwd)[0] ?? ''}\n`);
    expect(stdout).toContain(`tasks: ${before.length} skipped (succeeded before), ${taskCount - before.length} succeeded`);
    // What was stopped in its work begins twice, and nothing else does.
    const begun = lines(cwd, 'begun.txt').map(Number);
    expect(new Set(begun)).toEqual(new Set(items));
    expect(before.filter((item) => begun.filter((one) => one === item).length > 1)).toEqual([]);
    expect(begun.length - taskCount).toBeLessThanOrEqual(3);
    expectWholeResults(cwd);
    // As GNU parallel's: a line for whatever ran to its end, those of the second run behind those of the first.
    const logged = lines(cwd, 'jobs.tsv').slice(1).map((line) => Number(line.split('\t')[0]));
    expect(logged.toSorted((a, b) => a - b)).toEqual(items.map((_, number) => number + 1));
  });
});

describe('a run whose mpctl was killed', () => {
  it('is gone on with, again and again, and no task that is known to have succeeded runs once more', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': spec });
    await interrupted(cwd, 'SIGKILL', 10);
    const first = succeededIn(cwd);
    expect(first.length).toBeGreaterThan(0);
    await nothingLeft(cwd);
    const doneByFirst = lines(cwd, 'done.txt').length;
    await interrupted(cwd, 'SIGKILL', 10, ['resume', 'last']);
    const second = succeededIn(cwd);
    expect(second).toEqual(expect.arrayContaining([...first]));
    expect(second.length).toBeGreaterThan(first.length);
    await nothingLeft(cwd);
    const doneBySecond = lines(cwd, 'done.txt').length;
    const { stdout, exitCode } = await runCli(['resume', 'last'], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`tasks: ${second.length} skipped (succeeded before), ${taskCount - second.length} succeeded`);
    const done = lines(cwd, 'done.txt').map(Number);
    expect(new Set(done)).toEqual(new Set(items));
    expect(done.slice(doneBySecond).filter((item) => second.includes(item))).toEqual([]);
    expect(done.slice(doneByFirst).filter((item) => first.includes(item))).toEqual([]);
    // Some had done their work when mpctl was killed, and nobody knew.
    expect(done.length - taskCount).toBeLessThanOrEqual(2 * 6);
    expectWholeResults(cwd);
  });

  it('does not begin before nothing of the run that it goes on from is left', async () => {
    const cwd = tempFolder({
      'mpctl.yaml': `
stop: { grace_period: 4s }
pools:
  p:
    workers: 1
    command: |
      trap '' TERM
      echo begins
      if [ -e first ]; then
        # One that nobody has reaped is dead all the same, and has no command line any more.
        if grep -qa . "/proc/$(cat first)/cmdline"; then echo "the first is alive"; fi
      else
        echo $$ > first
        sleep 600
      fi
    tasks: [a]
`,
    });
    const run = await startCli(['run'], { cwd });
    await run.waitForOutput(/begins/u);
    run.kill('SIGKILL');
    await run.result;
    const { stdout, stderr, exitCode } = await runCli(['resume', 'last'], { cwd });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`mpctl: waiting for the end of what the run ${runIds(cwd)[0] ?? ''} has left\n`);
    expect(stdout).toContain('begins');
    expect(stdout).not.toContain('the first is alive');
  });
});

describe('a run that has failed', () => {
  const failing = `
pools:
  p:
    workers: 1
    command: 'echo "$MPCTL_ITEM $WORD" >> ran.txt; [ ! -e "broken-$MPCTL_ITEM" ]'
    tasks: { stdin: lines }
    halt: { after: 2 }
  other:
    command: echo other >> ran.txt
    tasks: [x]
`;
  const input = 'a\nb\nc\nd\ne\n';

  it('is gone on with as it was called, with all that has not succeeded or with what has failed', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': failing, 'broken-b': '', 'broken-c': '' });
    const ran = (): readonly string[] => {
      const names = lines(cwd, 'ran.txt');
      rmSync(path.join(cwd, 'ran.txt'));
      return names;
    };
    await runCli(['run', 'p', '--env', 'WORD=as before'], { cwd, input });
    expect(ran()).toEqual(['a as before', 'b as before', 'c as before']);
    const [id = ''] = runIds(cwd);
    rmSync(path.join(cwd, 'broken-b'));
    rmSync(path.join(cwd, 'broken-c'));
    const failed = await runCli(['resume', id, '--retry-failed'], { cwd, input });
    expect(ran()).toEqual(['b as before', 'c as before']);
    expect(failed.stdout).toContain('tasks: 1 skipped (succeeded before), 2 left out, 2 succeeded');
    expect(failed.exitCode).toBe(0);
    const rows = (await runCli(['runs'], { cwd, program })).stdout.split('\n');
    expect(rows.map((row) => row.split(/ {2,}/u)[5])).toEqual(['RESUME', 'yes', 'yes', undefined]);
    const rest = await runCli(['run', '--resume', 'last', 'mpctl.yaml', 'p', '--env', 'WORD=anew'], { cwd, input: `${input}f\n` });
    expect(ran()).toEqual(['d anew', 'e anew', 'f anew']);
    expect(rest.stdout).toContain('tasks: 3 skipped (succeeded before), 3 succeeded');
  });

  it('is told by `mpctl runs` from one that cannot be gone on with', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': failing, 'broken-b': '', 'other.yaml': 'processes: { p: { command: exit 1 } }' });
    await runCli(['run', 'other.yaml'], { cwd });
    await runCli(['run'], { cwd, input });
    rmSync(path.join(cwd, 'broken-b'));
    await runCli(['resume', 'last'], { cwd, input });
    const { stdout } = await runCli(['runs', '--json'], { cwd, program });
    const runs = JSON.parse(stdout) as readonly { readonly resumable: boolean }[];
    expect(runs.map(({ resumable }) => resumable)).toEqual([false, true, false]);
    const table = await runCli(['runs'], { cwd, program });
    expect(table.stdout.split('\n').map((row) => row.split(/ {2,}/u)[5])).toEqual(['RESUME', '-', 'yes', '-', undefined]);
  });

  it('is told of in the events of the one that goes on from it', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': failing, 'broken-a': '', 'broken-b': '' });
    await runCli(['run'], { cwd, input });
    rmSync(path.join(cwd, 'broken-a'));
    const { stdout } = await runCli(['resume', 'last', '--format', 'json'], { cwd, input });
    const events = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(events[0]).toMatchObject({ type: 'run.started', resumes: runIds(cwd)[0] });
    expect(events.filter(({ type, pool }) => type === 'pool.ended' && pool === 'other')).toMatchObject([{ succeeded: 1, skipped: 1 }]);
    const record = JSON.parse(readFileSync(path.join(cwd, '.mpctl', 'runs', runIds(cwd)[1] ?? '', 'run.json'), 'utf8')) as unknown;
    expect(record).toMatchObject({ request: { resumes: runIds(cwd)[0] } });
  });
});

describe('a run that cannot be gone on with', () => {
  it('is refused before anything starts', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': spec, 'deep/mpctl.yaml': 'pools: { p: { tasks: [a], command: "true" } }', 'other.yaml': 'pools: { p: { tasks: [a], command: "true" } }' });
    const refusals = async (...argv: readonly string[]): Promise<string> => {
      const { stderr, exitCode } = await runCli(argv, { cwd });
      expect(exitCode).toBe(2);
      return stderr;
    };
    expect(await refusals('run', '--retry-failed')).toContain('error[MP003]: `--retry-failed` needs the run whose tasks have failed');
    expect(await refusals('run', '--resume', 'last')).toContain('error[MP030]: there was no run of `mpctl.yaml` yet');
    expect(await refusals('resume', 'last')).toContain('error[MP030]: there was no run in this folder yet');
    expect(await refusals('resume')).toContain('`mpctl resume` needs RUN, and nothing was given');
    await runCli(['run', 'other.yaml'], { cwd });
    await runCli(['run', '-'], { cwd, input: 'pools: { p: { tasks: [a], command: "true" } }' });
    const [other = '', ofInput = ''] = runIds(cwd);
    expect(await refusals('run', '--resume', other)).toContain(`error[MP030]: the run ${other} is one of \`other.yaml\`\n  = hint: \`mpctl run --resume ${other} other.yaml\` goes on from it`);
    expect(await refusals('resume', ofInput)).toContain(`error[MP032]: the spec of the run ${ofInput} came from standard input`);
    expect(await refusals('resume', '2')).toContain('error[MP030]: `2` is a part of the ids of 2 runs');
    writeFileSync(path.join(cwd, 'other.yaml'), 'pools: { p: { tasks: [b], command: "true" } }');
    expect(await refusals('resume', other)).toContain('error[MP034]: task 0 (`b`) of `p` has another item');
    expect(runIds(cwd)).toHaveLength(2);
  });
});

describe('going on from a run whose results could not be written', () => {
  it('runs the tasks again that have no record', async () => {
    const cwd = tempFolder({
      'mpctl.yaml': 'pools: {p: {workers: 1, command: [echo, "${{ item }}"], tasks: {range: [1, 20]}, results: {file: results.jsonl}, joblog: jobs.tsv}}',
    });
    symlinkSync('/dev/full', path.join(cwd, 'results.jsonl'));
    expect((await runCli(['run'], { cwd, program })).stdout).toContain('its results cannot be written to');
    rmSync(path.join(cwd, 'results.jsonl'));
    expect(await runCli(['resume', 'last'], { cwd, program })).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('MP862') as unknown });
    const results = lines(cwd, 'results.jsonl').map((line) => JSON.parse(line) as unknown);
    expect(results).toMatchObject(Array.from({ length: 20 }, (_, task) => ({ task, fate: 'succeeded', value: String(task + 1) })));
  });
});
