import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../rig/temp-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** The project of somebody who has installed the package. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = tempFolder(files);
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules', 'mpctl'));
  return folder;
}

/** What a program of this project writes, as JSON. */
async function answerOf(folder: string, program: string): Promise<unknown> {
  // Outside of any run, although the tests may run inside one.
  const { stdout } = await execa(process.execPath, [program], { cwd: folder, env: { PATH: process.env['PATH'] }, extendEnv: false });
  return JSON.parse(stdout);
}

const spec = `processes:
  hello:
    command: [node, worker.mjs]
    replicas: 2
`;
const worker = `import { worker } from 'mpctl/client';
const { process, replica, replicas, attempt, runId, runDir } = worker();
console.log(JSON.stringify({ process, replica, replicas, attempt, isInRun: runDir.endsWith(runId) }));
`;

describe('the package, as it is built,', () => {
  beforeAll(async () => {
    await execa('npm', ['run', '--silent', 'build'], { cwd: root });
  });

  it('checks and plans a spec', async () => {
    const folder = project({
      'mpctl.yaml': spec,
      'wrong.yaml': 'processes:\n  b: { command: x, depends_on: [nope] }\n  a: { command: x, timeout: 5 }\n',
      'main.mjs': `import { check, plan } from 'mpctl';
const wrong = check('wrong.yaml');
console.log(JSON.stringify({
  right: check(),
  wrong: { valid: wrong.valid, codes: wrong.diagnostics.map(({ code }) => code) },
  planned: plan('mpctl.yaml').plan.instances.map(({ name }) => name),
  unplanned: plan('wrong.yaml').plan,
}));
`,
    });
    expect(await answerOf(folder, 'main.mjs')).toEqual({
      right: { valid: true, diagnostics: [] },
      wrong: { valid: false, codes: ['MP105', 'MP103'] },
      planned: ['hello-1', 'hello-2'],
      unplanned: null,
    });
  });

  it('runs a spec, whose workers know who they are', async () => {
    const folder = project({
      'mpctl.yaml': spec,
      'worker.mjs': worker,
      'main.mjs': `import { existsSync } from 'node:fs';
import { run } from 'mpctl';
const lines = [];
const { summary, diagnostics } = await run('mpctl.yaml', {
  onEvent: (event) => {
    if (event.type === 'output') lines.push(JSON.parse(event.line));
  },
});
const { outcome, exitCode, signal } = summary;
console.log(JSON.stringify({ outcome, exitCode, signal, diagnostics, hasLogs: existsSync(summary.folder), lines }));
`,
    });
    const answer = await answerOf(folder, 'main.mjs');
    expect(answer).toMatchObject({ outcome: 'success', exitCode: 0, signal: null, diagnostics: [], hasLogs: true });
    const lineOf = (replica: number): unknown => ({ process: `hello-${replica}`, replica, replicas: 2, attempt: 1, isInRun: true });
    expect(answer).toHaveProperty('lines', expect.arrayContaining([lineOf(1), lineOf(2)]));
  });

  it('starts nothing of a spec that is wrong, and is no worker outside a run', async () => {
    const folder = project({
      'mpctl.yaml': 'processes: { a: { comand: x } }\n',
      'main.mjs': `import { run } from 'mpctl';
import { worker } from 'mpctl/client';
const { summary, diagnostics } = await run();
console.log(JSON.stringify({ summary, codes: diagnostics.map(({ code }) => code), worker: worker() }));
`,
    });
    expect(await answerOf(folder, 'main.mjs')).toEqual({ summary: null, codes: ['MP101'], worker: null });
  });
});
