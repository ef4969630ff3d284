import { readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findRun } from '../../src/runtime/run-folder/run-record.ts';
import { until } from '../process/runtime/worker-harness.ts';
import { livingWorkers } from '../rig/living-workers.ts';
import { runCli, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

it('`mpctl doctor` finds what a machine has, where runs have all of it', async () => {
  const cwd = tempFolder();
  const { stdout, exitCode } = await runCli(['doctor'], { cwd, program });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^fine +containment +`(?:marker|cgroup)`: /mu);
  expect(stdout).toMatch(/^fine +socket /mu);
  expect(stdout).toContain(`logs and records are in ${cwd}/.mpctl/runs\n`);
  // To look is not to make.
  expect(readdirSync(cwd)).toEqual([]);
});

it('the level that `mpctl doctor` says to be in force is that of a run which asks for none', async () => {
  const cwd = tempFolder({ 'mpctl.yaml': `processes: { a: { command: 'true' } }\n` });
  const doctor = await runCli(['doctor'], { cwd, program });
  const level = /^fine +containment +`(?<level>\w+)`: /mu.exec(doctor.stdout)?.groups?.['level'];
  const { stdout } = await runCli(['run', '--format', 'json'], { cwd, program });
  expect(stdout).toContain(`"containment":"${String(level)}"`);
  const [listed] = JSON.parse((await runCli(['runs', '--json'], { cwd, program })).stdout) as readonly { readonly containment: string }[];
  expect(listed?.containment).toBe(level);
});

it('`mpctl doctor` names what the guardian of a run calls, and says by its exit code that it is missing', async () => {
  const cwd = tempFolder({ 'mpctl.yaml': `processes: { a: { command: 'echo up; sleep 600' } }\n` });
  const { stdout, exitCode } = await runCli(['doctor', '--json'], { cwd, program, environment: { PATH: '/nowhere' } });
  expect(exitCode).toBe(1);
  const said = /"subject":"guardian","state":"missing","says":"it needs (?<names>.*?) in `PATH`/u.exec(stdout)?.groups?.['names'] ?? '';
  const names = [...said.matchAll(/`(?<name>\w+)`/gu)].map((match) => match.groups?.['name'] ?? '');
  const tools = tempFolder();
  for (const name of names) {
    const place = process.env['PATH']?.split(':').find((folder) => isIn(folder, name));
    symlinkSync(path.join(place ?? '', name), path.join(tools, name));
  }
  // A guardian that has these and nothing else does all that it is there for.
  const run = await startCli(['run'], { cwd, program, environment: { PATH: tools } });
  await run.waitForOutput(/up\n/u);
  const runs = path.join(cwd, '.mpctl', 'runs');
  const [id = ''] = readdirSync(runs);
  const folder = path.join(runs, id);
  run.kill('SIGKILL');
  await until(() => (findRun(folder)?.record.end ?? null) !== null, 'the guardian has noted the end');
  const end = findRun(folder)?.record.end;
  expect(end?.outcome).toBe('killed');
  expect(end?.ended).toMatch(/^\d{4}-\d\d-\d\dT/u);
  expect(livingWorkers(id)).toEqual([]);
  expect(readdirSync(folder)).not.toContain('door');
});

function isIn(folder: string, name: string): boolean {
  try {
    return readdirSync(folder).includes(name);
  } catch {
    return false;
  }
}
