import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { tempFolder } from '../rig/temp-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');

/** What is asked of `package.json` here. */
const packageJson = z.object({
  os: z.array(z.string()),
  bin: z.record(z.string(), z.string()),
  exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
});

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

  it('looks for the tasks of a pool as the commands do', async () => {
    const folder = project({
      'mpctl.yaml': 'pools: { p: { command: [touch, begun], tasks: { lines: lost } } }\n',
      'main.mjs': `import { check, run } from 'mpctl';
const codes = ({ diagnostics }) => diagnostics.map(({ code }) => code);
const checked = check('mpctl.yaml');
const ended = await run('mpctl.yaml');
console.log(JSON.stringify({ valid: checked.valid, checked: codes(checked), summary: ended.summary, ended: codes(ended) }));
`,
    });
    expect(await answerOf(folder, 'main.mjs')).toEqual({ valid: false, checked: ['MP611'], summary: null, ended: ['MP611'] });
  });

  it('has types that hold in a project which is strict about the types of others too', async () => {
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2022'],
      types: ['node'],
      typeRoots: [path.join(root, 'node_modules', '@types')],
      module: 'nodenext',
      strict: true,
      skipLibCheck: false,
      noEmit: true,
    };
    const folder = project({
      'package.json': '{ "type": "module" }',
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['main.ts'] }),
      'main.ts': `import { check, plan, run, type RunEvent } from 'mpctl';
import { connect, worker } from 'mpctl/client';
const valid: boolean = check('a.yaml').valid;
const names: readonly string[] = plan('a.yaml').plan?.instances.map(({ name }) => name) ?? [];
const types: RunEvent['type'][] = [];
await run('a.yaml', { onEvent: ({ type }) => types.push(type) });
const held = await (await connect()).lock('file').acquire();
const token: number | undefined = held.tokens['file'];
console.log(valid, names, types, token, worker()?.process);
`,
    });
    const { stdout } = await execa(process.execPath, [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], { cwd: folder, reject: false });
    expect(stdout).toBe('');
  });

  it('is for Linux and macOS, and holds what it exports, its licence and its history', async () => {
    const { os, exports, bin } = packageJson.parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
    expect(os).toEqual(['linux', 'darwin']);
    const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root });
    const packed = z.array(z.object({ files: z.array(z.object({ path: z.string() })) })).parse(JSON.parse(stdout))[0]?.files.map((file) => file.path);
    const exported = Object.values(exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
    const wanted = [...exported, ...Object.values(bin)].map((target) => target.replace(/^\.\//u, '').replace('*', 'mpctl.schema.json'));
    expect(packed).toEqual(expect.arrayContaining([...wanted, 'LICENSE', 'CHANGELOG.md', 'README.md', 'docs/coming-from.md', 'src/client/python/mpctl.py']));
    expect(readFileSync(path.join(root, 'LICENSE'), 'utf8')).toMatch(/^MIT License\n/u);
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
