import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endCgroup } from '../../src/runtime/containment/cgroup-members.ts';
import { listRuns } from '../../src/runtime/run-folder/run-record.ts';
import { isLeft, livingWorkers } from '../rig/living-workers.ts';
import { runCli, startCli, type CliResult } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');
/** A process, its child, and one that has left their group; and one that ends at once. */
const spec = `
processes:
  server: { command: 'setsid sleep 600 & sleep 600 & echo up; wait' }
  once: { command: 'echo once' }
`;

interface Killed {
  readonly id: string;
  readonly cwd: string;
}

/** A run of which mpctl and its guardian were both killed. */
async function killedRun(inTheWay: Readonly<Record<string, string>> = {}): Promise<Killed> {
  const cwd = tempFolder({ 'mpctl.yaml': spec, ...inTheWay });
  const run = await startCli(['run'], { cwd, program });
  await run.waitForOutput(/up\n/u);
  const runs = [path.join(cwd, '.mpctl', 'runs'), path.join(cwd, '.local', 'state', 'mpctl', 'runs')].find((folder) => existsSync(folder));
  const [id = ''] = readdirSync(runs ?? '');
  const guardian = guardianOf(id);
  // Stopped, it starts no other one.
  run.kill('SIGSTOP');
  process.kill(guardian, 'SIGKILL');
  run.kill('SIGKILL');
  await run.result;
  const left = livingWorkers(id);
  const cgroups = listRuns(runs ?? '').flatMap(({ record }) => record.cgroup ?? []);
  onTestFinished(async () => {
    for (const pid of left) if (isLeft(pid)) process.kill(pid, 'SIGKILL');
    for (const cgroup of cgroups) expect(await endCgroup(cgroup)).toBeNull();
  });
  expect(left.length).toBeGreaterThanOrEqual(3);
  return { id, cwd };
}

function guardianOf(id: string): number {
  const found = readdirSync('/proc').find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`\0mpctl-guardian\0${id}\0`);
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error('no guardian');
  return Number(found);
}

function call({ cwd }: Killed, ...words: readonly string[]): Promise<CliResult> {
  return runCli(words, { cwd, program });
}

describe('what a run has left whose mpctl was killed together with its guardian', () => {
  it('is ended by the next run before that starts anything, which says so', async () => {
    const killed = await killedRun();
    const next = await call(killed, 'run', 'once');
    expect(next).toMatchObject({ exitCode: 0 });
    expect(next.stderr).toContain(`mpctl: the run ${killed.id} was killed, and its guardian with it: ended 3 processes that it had left, `);
    expect(livingWorkers(killed.id)).toEqual([]);
    expect((await call(killed, 'run', 'once')).stderr).not.toContain('killed');
  });

  it('is ended by `mpctl clean`, of which nothing is left the second time', async () => {
    const killed = await killedRun();
    const first = await call(killed, 'clean');
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toMatch(new RegExp(`^the run ${killed.id} was killed`, 'u'));
    expect(livingWorkers(killed.id)).toEqual([]);
    expect(await call(killed, 'clean')).toMatchObject({ exitCode: 0, stdout: 'no run of this folder has left anything\n' });
    expect((await call(killed, 'run', 'once')).stderr).not.toContain('killed');
  });

  it('is ended by the next run of the project also where its folder could not be written', async () => {
    const killed = await killedRun({ '.mpctl': 'a file in the way' });
    const other = tempFolder({ 'mpctl.yaml': spec });
    await runCli(['run', 'once'], { cwd: other, program, environment: { HOME: killed.cwd } });
    expect(livingWorkers(killed.id).length).toBeGreaterThanOrEqual(3);
    expect((await call(killed, 'run', 'once')).stderr).toContain(`mpctl: the run ${killed.id} was killed`);
    expect(livingWorkers(killed.id)).toEqual([]);
  });

  it('is nothing of a run in a container that has the same folder, whose mpctl cannot be seen', async () => {
    const seen = await killedRun();
    const folder = path.join(seen.cwd, '.mpctl', 'runs', seen.id);
    const record = readFileSync(path.join(folder, 'run.json'), 'utf8');
    writeFileSync(path.join(folder, 'run.json'), record.replace(/"pidSpace":"[^"]*"/u, '"pidSpace":"of the container"'));
    expect((await call(seen, 'run', 'once')).stderr).not.toContain('killed');
    expect(await call(seen, 'clean')).toMatchObject({ exitCode: 0, stdout: 'no run of this folder has left anything\n' });
    expect((await call(seen, 'resume', seen.id)).stderr).toContain(`error[MP031]: the run ${seen.id} still goes on, in a container`);
    expect(livingWorkers(seen.id).length).toBeGreaterThanOrEqual(3);
    expect(existsSync(path.join(folder, 'door'))).toBe(true);
  });

  it('is nothing of a run that goes on, which neither of them touches', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': spec });
    const run = await startCli(['run'], { cwd, program });
    await run.waitForOutput(/up\n/u);
    const [id = ''] = readdirSync(path.join(cwd, '.mpctl', 'runs'));
    expect(await call({ id, cwd }, 'clean')).toMatchObject({ exitCode: 0, stdout: 'no run of this folder has left anything\n' });
    expect(await call({ id, cwd }, 'run', 'once')).toMatchObject({ exitCode: 0 });
    expect(livingWorkers(id).length).toBeGreaterThanOrEqual(3);
    run.kill('SIGTERM');
    expect(await run.result).toMatchObject({ signal: 'SIGTERM' });
  });
});
