import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { groupIsAlive } from '../../../src/runtime/processes/group-looks.ts';
import {
  findMarkedProcesses,
  processIsAlive,
  readProcess,
  signalGroup,
} from '../../../src/runtime/processes/process-table.ts';
import { type RunRecord, readRunRecord, writeRunRecord } from '../../../src/runtime/run-folder/run-record.ts';
import { sweepMarked } from '../../../src/runtime/processes/sweep-marked.ts';
import { afterTest, shellRequest, temporaryFolder, until, watchWorker } from './worker-harness.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures');
const shapes = join(fixtures, 'shapes.sh');

/** Pid and shape of everything that the fixture has started. */
function readShapes(file: string): Map<string, number> {
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return new Map(lines.map((line): [string, number] => [line.slice(0, 2), Number(line.slice(3))]));
}

function isAlive(pid: number): boolean {
  const entry = readProcess(pid);
  return entry !== null && entry.state !== 'Z';
}

function killAfterTest(file: string): void {
  afterTest(() => {
    for (const pid of readShapes(file).values()) signalPid(pid, 'SIGKILL');
  });
}

function signalPid(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already, as it should be.
  }
}

/** The small orchestrator of the fixture. */
class GuardedRun {
  readonly child: ChildProcess;
  #output = '';

  constructor(folder: string, script: string, graceMs: number) {
    const args = ['--import', 'tsx', join(fixtures, 'guarded-run.ts'), folder, script, String(graceMs)];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    afterTest(() => {
      this.child.kill('SIGKILL');
      signalPid(this.guardianPids().at(-1) ?? Number.MAX_SAFE_INTEGER, 'SIGKILL');
    });
  }

  guardianPids(): number[] {
    return [...this.#output.matchAll(/guardian (\d+)/g)].map((match) => Number(match[1]));
  }

  async says(text: string): Promise<void> {
    await until(() => this.#output.includes(text), `the run said "${text}"`);
  }

  /** Kills the guardian, so that the run starts another one. */
  async replaceGuardian(): Promise<void> {
    const [first = 0] = this.guardianPids();
    process.kill(first, 'SIGKILL');
    await until(() => {
      this.child.kill('SIGUSR2');
      return this.guardianPids().some((pid) => pid !== first);
    }, 'there is a new guardian');
  }

  async kill(): Promise<void> {
    const exited = new Promise((resolve) => {
      this.child.once('exit', resolve);
    });
    this.child.kill('SIGKILL');
    await exited;
  }
}

describe('when mpctl is killed', () => {
  test('every shape of descendant dies, without a trace', async () => {
    const folder = temporaryFolder();
    const pids = join(folder, 'pids');
    killAfterTest(pids);
    const run = new GuardedRun(folder, `exec ${shapes} ${pids}`, 0);
    await until(() => readShapes(pids).size === 6, 'all shapes are there');
    await run.says('guardian');
    const all = [...readShapes(pids).values(), ...run.guardianPids()];
    expect(all.filter(isAlive)).toEqual(all);
    await run.kill();
    await until(() => !all.some(isAlive), 'nothing of the run is alive');
  });

  test('a worker may finish its work within the grace period, and one that does not is killed', async () => {
    const folder = temporaryFolder();
    // The shell reports its killed sleep on stderr, where nobody reads any more: that would be SIGPIPE.
    const script = `
      exec 2> /dev/null
      sh -c 'trap "" TERM; echo $$ > "$0/stubborn"; while :; do sleep 0.05; [ ! -e "$0/polite" ] || : > "$0/outlived"; done' "$1" &
      trap 'echo done > "$1/polite"; exit 0' TERM
      echo ready
      while :; do sleep 0.02; done`;
    const run = new GuardedRun(folder, script, 1500);
    await run.says('ready');
    const pidFile = join(folder, 'stubborn');
    await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').endsWith('\n'), 'the stubborn worker is there');
    const stubborn = Number(readFileSync(pidFile, 'utf8'));
    await run.kill();
    await until(() => existsSync(join(folder, 'polite')), 'the polite worker has finished');
    await until(() => !isAlive(stubborn), 'the stubborn worker is dead');
    // It was killed, but not before the other one had finished.
    expect(existsSync(join(folder, 'outlived'))).toBe(true);
  });

  test('a guardian that was killed before was replaced and knows all groups', async () => {
    const folder = temporaryFolder();
    // An empty environment: only the registered group leads to this worker.
    const run = new GuardedRun(folder, 'echo $$ > "$1/pid"; exec env -i sleep 300', 0);
    await run.says('guardian');
    await until(() => existsSync(join(folder, 'pid')), 'the worker is there');
    const worker = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await run.replaceGuardian();
    await run.kill();
    await until(() => !isAlive(worker), 'the worker is dead');
    await until(() => !run.guardianPids().some(isAlive), 'the guardian has gone');
  });

  test.each(['the first guardian', 'a guardian that was started for a killed one'])('%s removes what mpctl leaves, and notes that it was killed', async (which) => {
    const folder = temporaryFolder();
    const record: RunRecord = { id: 'i', name: 'n', spec: '/s', pid: 1, startTime: '1', begun: '2026-01-01T00:00:00.000Z', members: {}, end: null };
    writeRunRecord(folder, record);
    writeFileSync(join(folder, 'a door'), '');
    writeFileSync(join(folder, 'worker.log'), 'kept');
    const run = new GuardedRun(folder, 'exec sleep 300', 0);
    await run.says('guardian');
    if (which !== 'the first guardian') await run.replaceGuardian();
    await run.kill();
    await until(() => readRunRecord(folder)?.end !== null, 'the record has an end');
    const found = readRunRecord(folder);
    expect(found).toMatchObject({ ...record, end: { outcome: 'killed', exitCode: null, signal: null, why: 'mpctl was killed' } });
    expect(found?.end?.ended).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/u);
    expect(statSync(join(folder, 'run.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).toSorted()).toEqual(['run.json', 'worker.log']);
  });

  test('an end that mpctl has noted itself stays', async () => {
    const folder = temporaryFolder();
    const end = { outcome: 'success', exitCode: 0, signal: null, why: 'all is well', ended: '2026-01-01T00:00:01.000Z' } as const;
    writeRunRecord(folder, { id: 'i', name: 'n', spec: '/s', pid: 1, startTime: '1', begun: '2026-01-01T00:00:00.000Z', members: {}, end });
    const run = new GuardedRun(folder, 'exec sleep 300', 0);
    await run.says('guardian');
    await run.kill();
    await until(() => !run.guardianPids().some(isAlive), 'the guardian has gone');
    expect(readRunRecord(folder)?.end).toEqual(end);
  });

  test('the guardian itself survives the signals that end everything else', async () => {
    const folder = temporaryFolder();
    const run = new GuardedRun(folder, 'echo $$ > "$1/pid"; exec sleep 300', 0);
    await run.says('guardian');
    await until(() => existsSync(join(folder, 'pid')), 'the worker is there');
    const worker = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    const [guardian = 0] = run.guardianPids();
    await until(() => (/SigIgn:\t(\w+)/.exec(readFileSync(`/proc/${guardian}/status`, 'utf8'))?.[1] ?? '').endsWith('7'), 'the guardian has set its traps');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGTSTP'] as const) process.kill(guardian, signal);
    await run.kill();
    await until(() => !isAlive(worker), 'the worker is dead');
    await until(() => !isAlive(guardian), 'the guardian has gone');
  });
});

describe('while mpctl lives', () => {
  test('the group and the mark lead to every shape, and a sweep ends those outside the group', async () => {
    const folder = temporaryFolder();
    const pids = join(folder, 'pids');
    killAfterTest(pids);
    const runId = `sweep-${process.pid}`;
    const env = { PATH: process.env['PATH'] ?? '', MPCTL_RUN_IDS: runId };
    const worker = watchWorker(shellRequest(`exec ${shapes} ${pids}`, { env }));
    await until(() => readShapes(pids).size === 6, 'all shapes are there');
    const all = readShapes(pids);
    expect([...findMarkedProcesses(runId)].map(({ pid }) => pid).toSorted((a, b) => a - b)).toEqual([...all.values()].toSorted((a, b) => a - b));
    expect([...findMarkedProcesses('sweep')]).toEqual([]);
    worker.handle.signalGroup('SIGKILL');
    await worker.drained;
    await until(() => !worker.handle.groupIsAlive(), 'the group is empty');
    const swept = await sweepMarked(runId, 1000);
    expect(new Set(swept.map(({ pid }) => pid))).toEqual(new Set(['T3', 'T4', 'T5'].map((shape) => all.get(shape))));
    expect(swept.some(({ alive }) => alive)).toBe(false);
    expect(swept.map(({ command }) => command)).toEqual(['sleep 300', 'sleep 300', 'sleep 300']);
    expect([...all.values()].filter(isAlive)).toEqual([]);
  });

  test('a sweep catches what is born while it scans', async () => {
    const runId = `respawn-${process.pid}`;
    const env = { PATH: process.env['PATH'] ?? '', MPCTL_RUN_IDS: runId };
    const script = 'trap "" TERM; while :; do setsid sleep 30 & done';
    const worker = watchWorker(shellRequest(`exec setsid sh -c '${script}'`, { env, stdout: { type: 'null' }, stderr: { type: 'null' } }));
    await until(() => [...findMarkedProcesses(runId)].length > 5, 'it has begun to multiply');
    const swept = await sweepMarked(runId, 0);
    expect(swept.filter(({ alive }) => alive)).toEqual([]);
    expect([...findMarkedProcesses(runId)]).toEqual([]);
    await worker.exited;
  });

  const searchForHopper = ['--import', 'tsx', join(fixtures, 'search-for-hopper.ts')];

  test('a search finds whoever is another process every 2 ms', () => {
    expect(execFileSync(process.execPath, [...searchForHopper, '100'], { encoding: 'utf8' })).toBe('in vain: 0\n');
  });

  test('and where thousands come behind him in every list', () => {
    const words = ['--pid', '--fork', '--mount-proc', '--kill-child', 'python3', join(fixtures, 'crowd.py'), process.execPath, ...searchForHopper, '20'];
    expect(execFileSync('unshare', words, { encoding: 'utf8' })).toBe('in vain: 0\n');
  });

  test('a group of zombies is an empty group', async () => {
    // The parent never waits for its child, which has a group of its own and ends at once.
    const script = 'import os,time\np=os.fork()\nif p==0:\n os.setpgid(0,0)\n os._exit(0)\nprint(p,flush=True)\ntime.sleep(300)';
    const worker = watchWorker(shellRequest(`exec python3 -c '${script}'`));
    const zombie = Number(await worker.lineWith(''));
    await until(() => readProcess(zombie)?.state === 'Z', 'the child is a zombie');
    expect(readProcess(zombie)?.group).toBe(zombie);
    expect(signalGroup(zombie, 'SIGCONT')).toBe(true);
    // For a moment it may have a member that nobody has looked for yet.
    await until(() => !groupIsAlive(zombie), 'nobody of the group was found');
    expect(groupIsAlive(await worker.started)).toBe(true);
  });

  test('a process is known by its pid and its start time together', () => {
    const self = readProcess(process.pid);
    expect(self).toMatchObject({ pid: process.pid, parentPid: process.ppid });
    expect(processIsAlive(process.pid, self?.startTime ?? '')).toBe(true);
    expect(processIsAlive(process.pid, '1')).toBe(false);
  });
});
