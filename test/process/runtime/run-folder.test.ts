import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRunFolder } from '../../../src/runtime/run-folder/run-folder.ts';
import { runsFolders } from '../../../src/runtime/run-folder/run-folder-places.ts';
import type { RunFolder, RunFolderRequest } from '../../../src/runtime/run-folder/run-folder.ts';
import { listRuns, writeRunRecord } from '../../../src/runtime/run-folder/run-record.ts';
import { killedRuns } from '../../../src/runtime/run-folder/running-runs.ts';
import { shellRequest, temporaryFolder, watchWorker } from './worker-harness.ts';

function requestIn(projectFolder: string, stateHome: string): RunFolderRequest {
  return {
    projectFolder,
    name: 'nightly',
    spec: join(projectFolder, 'mpctl.yaml'),
    members: { web: ['web-1', 'web-2'] },
    request: null,
    fates: [],
    earlierFolder: null,
    containment: { level: 'marker' },
    outside: null,
    environment: { XDG_STATE_HOME: stateHome },
  };
}

function create(request: RunFolderRequest): RunFolder {
  const created = createRunFolder(request);
  if (!created.ok) throw new Error(created.error.message);
  return created.value;
}

describe('the folder of a run', () => {
  test('is beside the spec, private, and ignored by git', () => {
    const project = temporaryFolder();
    const folder = create(requestIn(project, '/nowhere'));
    expect(folder.path).toBe(join(project, '.mpctl', 'runs', folder.id));
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    expect(statSync(join(project, '.mpctl')).mode & 0o777).toBe(0o700);
    spawnSync('git', ['init', '-q'], { cwd: project });
    expect(spawnSync('git', ['status', '--porcelain'], { cwd: project, encoding: 'utf8' }).stdout).toBe('');
  });

  test('is another one for each run, and all of them are found with who runs them', () => {
    const project = temporaryFolder();
    const folders = [1, 2, 3].map(() => create(requestIn(project, '/nowhere')));
    const [runs] = runsFolders(project, {});
    const found = listRuns(runs);
    expect(found.map(({ record }) => record.id).toSorted()).toEqual(folders.map(({ id }) => id).toSorted());
    expect(found.every(({ alive, record }) => alive && record.pid === process.pid)).toBe(true);
    const [first] = found;
    if (first === undefined) throw new Error('no run');
    // The same pid with another start time is a stranger.
    writeRunRecord(first.folder, { ...first.record, startTime: '1' });
    expect(listRuns(runs).map(({ alive }) => alive)).toEqual([false, true, true]);
  });

  test('says how the run ended, once it has', () => {
    const project = temporaryFolder();
    const folder = create(requestIn(project, '/nowhere'));
    const [runs] = runsFolders(project, {});
    expect(listRuns(runs)[0]?.record.end).toBeNull();
    const end = { outcome: 'failure', exitCode: 1, signal: null, why: '`a` failed: it exited with 3', ended: '2026-01-01T00:00:00.000Z' } as const;
    expect(folder.noteEnd(end)).toEqual({ ok: true, value: null });
    expect(listRuns(runs)[0]?.record).toMatchObject({ id: folder.id, end });
    // The draft was put in place of the record in one step.
    expect(readdirSync(folder.path)).toEqual(['run.json']);
  });

  test('is found by whoever starts the next run where its mpctl was killed, and nobody else has seen to it', () => {
    const project = temporaryFolder();
    const [killed, elsewhere, unreadable, ended, removed, goesOn] = Array.from({ length: 6 }, () => create(requestIn(project, '/nowhere')).id);
    const [runs] = runsFolders(project, {});
    for (const { folder, record } of listRuns(runs)) {
      if (record.id === killed) writeRunRecord(folder, { ...record, startTime: '1' });
      // As in a container, where the pid is that of somebody else.
      if (record.id === elsewhere) writeRunRecord(folder, { ...record, startTime: '1', pidSpace: 'another' });
      if (record.id === unreadable) writeFileSync(join(folder, 'run.json'), '');
      if (record.id === ended) writeRunRecord(folder, { ...record, end: { outcome: 'killed', exitCode: null, signal: null, why: '', ended: '' } });
      if (record.id === removed) rmSync(folder, { recursive: true });
    }
    expect(killedRuns(runs).map(({ record }) => record.id)).toEqual([killed]);
    expect(new Set(readdirSync(join(project, '.mpctl', 'running')))).toEqual(new Set([killed, elsewhere, unreadable, goesOn]));
  });

  test('that is gone cannot be told how the run ended, and says so', () => {
    const project = temporaryFolder();
    const folder = create(requestIn(project, '/nowhere'));
    rmSync(folder.path, { recursive: true });
    const end = { outcome: 'success', exitCode: 0, signal: null, why: '', ended: '2026-01-01T00:00:00.000Z' } as const;
    expect(folder.noteEnd(end)).toEqual({ ok: false, error: 'ENOENT: no such file or directory' });
  });

  test('a folder that is no run, or half a record, is not listed', () => {
    const project = temporaryFolder();
    const [runs] = runsFolders(project, {});
    expect(listRuns(runs)).toEqual([]);
    mkdirSync(join(runs, 'a'), { recursive: true });
    mkdirSync(join(runs, 'b'));
    writeFileSync(join(runs, 'b', 'run.json'), '{"id": "b"');
    expect(listRuns(runs)).toEqual([]);
  });

  test('is in the state folder of the user where the project cannot be written', () => {
    const project = temporaryFolder();
    const state = temporaryFolder();
    writeFileSync(join(project, '.mpctl'), 'a file in the way');
    const folder = create(requestIn(project, state));
    expect(folder.path).toBe(join(state, 'mpctl', 'runs', folder.id));
    expect(existsSync(join(state, 'mpctl', '.gitignore'))).toBe(false);
  });

  test('that can be made nowhere is a failure that names both places', () => {
    const project = temporaryFolder();
    writeFileSync(join(project, '.mpctl'), 'a file in the way');
    const created = createRunFolder(requestIn(project, '/proc/nowhere'));
    expect(created.ok).toBe(false);
    if (created.ok) return;
    expect(created.error).toMatchObject({
      code: 'MP822',
      message: `no folder for the run can be made (\`${project}/.mpctl/runs\`: ENOTDIR: not a directory; \`/proc/nowhere/mpctl/runs\`: ENOENT: no such file or directory)`,
    });
  });

  test('the state folder follows the XDG specification', () => {
    expect(runsFolders('/p', { HOME: '/home/me' })[1]).toBe('/home/me/.local/state/mpctl/runs');
    expect(runsFolders('/p', { HOME: '/home/me', XDG_STATE_HOME: 'relative' })[1]).toBe('/home/me/.local/state/mpctl/runs');
    expect(runsFolders('/p', { XDG_STATE_HOME: '/s' })[1]).toBe('/s/mpctl/runs');
  });
});

describe('the log of a worker', () => {
  const limits = { maxSizeBytes: 200_000, keep: 50 };

  test('has every byte, in lines that are never torn, through all rotations', async () => {
    const folder = create(requestIn(temporaryFolder(), '/nowhere'));
    const log = folder.openLog('worker', limits, () => {});
    const worker = watchWorker(shellRequest('seq -f "out %06.0f" 100000 & seq -f "err %06.0f" 100000 >&2; wait', { log }));
    await worker.drained;
    log.close();
    const names = readdirSync(folder.path).filter((name) => name.startsWith('worker.log'));
    expect(names.length).toBeGreaterThan(5);
    const lines = names.flatMap((name) => readFileSync(join(folder.path, name), 'utf8').trimEnd().split('\n'));
    const expected = ['out', 'err'].flatMap((stream) =>
      Array.from({ length: 100_000 }, (_, index) => `${stream} ${String(index + 1).padStart(6, '0')}`),
    );
    expect(lines.toSorted()).toEqual(expected.toSorted());
  });

  test('keeps bytes that are no text, and goes on over attempts', async () => {
    const folder = create(requestIn(temporaryFolder(), '/nowhere'));
    const log = folder.openLog('worker', limits, () => {});
    expect(existsSync(folder.logFile('worker'))).toBe(false);
    for (const text of [String.raw`\377\000`, 'second']) {
      await watchWorker(shellRequest(`printf '${text}'`, { log })).drained;
    }
    expect(readFileSync(folder.logFile('worker'), 'latin1')).toBe('\u00FF\0\nsecond');
  });

  test('that cannot be written is told once, and the worker does not notice', async () => {
    const folder = create(requestIn(temporaryFolder(), '/nowhere'));
    mkdirSync(folder.logFile('worker'));
    chmodSync(folder.logFile('worker'), 0o700);
    const troubles: string[] = [];
    const log = folder.openLog('worker', limits, ({ code }) => troubles.push(code));
    const worker = watchWorker(shellRequest('seq 100000', { log }));
    await worker.drained;
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    expect(worker.stdout.length).toBe(100_000);
    expect(troubles).toEqual(['MP820']);
  });
});
