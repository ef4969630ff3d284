import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { giveToBoundUser, makeReadOnly } from '../rig/bound-user.ts';
import { type CliResult, runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** A project, and two folders of the user: for the state, and one where its process leaves `ran`. */
function foldersOfUser(): Readonly<Record<'project' | 'state' | 'traces', string>> {
  const state = tempFolder();
  const traces = tempFolder();
  for (const folder of [state, traces]) giveToBoundUser(folder);
  const project = tempFolder({ 'mpctl.yaml': `processes: { a: { command: 'echo hello; touch ${traces}/ran' } }\n` });
  return { project, state, traces };
}

/** Runs the spec as a user whom the permissions of these folders bind. */
async function run(project: string, state: string): Promise<CliResult> {
  return runCli(['run'], { cwd: project, isBound: true, environment: { XDG_STATE_HOME: state } });
}

describe('a user who may not write', () => {
  it.each([
    ['into the folder of the project', []],
    ['into its `.mpctl`, which another one made', ['.mpctl']],
    ['into the runs that another one made', ['.mpctl', '.mpctl/runs']],
  ])('%s keeps the run in the state folder, where the verbs find it', async (_, made) => {
    const { project, state, traces } = foldersOfUser();
    for (const folder of made) mkdirSync(path.join(project, folder));
    for (const folder of ['', ...made].toReversed()) makeReadOnly(path.join(project, folder));
    const { stdout, exitCode } = await run(project, state);
    expect(stdout).toContain('[a] hello\n');
    expect(exitCode).toBe(0);
    expect(existsSync(path.join(traces, 'ran'))).toBe(true);
    const runs = path.join(state, 'mpctl', 'runs');
    const ids = readdirSync(runs);
    expect(ids).toHaveLength(1);
    expect(readFileSync(path.join(runs, ids[0] ?? '', 'a.log'), 'utf8')).toBe('hello\n');
    const found = await runCli(['logs', 'a'], { cwd: project, program, environment: { XDG_STATE_HOME: state } });
    expect(found).toMatchObject({ stdout: 'hello\n', exitCode: 0 });
    expect(readdirSync(path.join(project, made.at(-1) ?? ''))).toEqual(made.length === 0 ? ['mpctl.yaml'] : []);
  });

  it('into the notes of runs, one of which is no more, runs all the same', async () => {
    const { project, state } = foldersOfUser();
    for (const folder of ['.mpctl', '.mpctl/runs', '.mpctl/running']) mkdirSync(path.join(project, folder));
    writeFileSync(path.join(project, '.mpctl', 'running', '20260101T000000000Z-00000000'), '');
    for (const folder of ['.mpctl/running', '.mpctl/runs', '.mpctl', '']) makeReadOnly(path.join(project, folder));
    expect(await run(project, state)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('neither there nor into the state folder is told of both, and nothing runs', async () => {
    const { project, state, traces } = foldersOfUser();
    makeReadOnly(project);
    makeReadOnly(state);
    const result = await run(project, state);
    expect(result).toMatchObject({ exitCode: 4, stdout: '' });
    expect(result.stderr).toBe(
      `error[MP822]: no folder for the run can be made (\`${project}/.mpctl/runs\`: EACCES: permission denied; \`${state}/mpctl/runs\`: EACCES: permission denied)\n` +
        '  = hint: make one of them writable, or set `XDG_STATE_HOME` to a folder that is\n' +
        '  = explain: mpctl explain MP822\n',
    );
    expect(existsSync(path.join(traces, 'ran'))).toBe(false);
  });
});
