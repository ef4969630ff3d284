import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledCli } from '../rig/bundle-cli.ts';
import { pythonEnvironment } from '../rig/python-environment.ts';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const conformance = join(import.meta.dirname, '..', 'conformance');
const program = join(conformance, 'python', 'rows.py');

/** One line of the table. */
interface Row {
  readonly kind: string;
  readonly name: string;
  readonly call: string;
  readonly situation: string;
  readonly outcome: string;
  /** The tests of CPython whose behaviour it checks. */
  readonly covers: readonly string[];
}

function python(...args: readonly string[]): string {
  const env = { ...process.env, ...pythonEnvironment };
  return execFileSync('python3', [...args], { encoding: 'utf8', env });
}

// The interpreter itself: what is called `python3` may be a script that finds one, at every start. The rows are run without the folders of
// installed packages, of which some are imported by every start.
const interpreter = python('-c', 'import sys; print(sys.executable)').trim();
const table = JSON.parse(python(program, '--list')) as readonly Row[];
/** The brokers under test: a name, and the module that the run takes it from, null for its own. */
const brokers = [
  ['the memory broker', null],
  ['a broker that answers late', join(conformance, 'late-memory-broker.ts')],
] as const;
/** More than a row has, and each row has more than all of a kind together take on a machine of which they get a quarter. */
const kindMs = 120_000;
const runs = new Map<string, Promise<ReadonlyMap<string, string>>>();

/** Runs all rows of a kind as the processes of one run; what came of each, by its name. */
async function runKind(kind: string, broker: string | null): Promise<ReadonlyMap<string, string>> {
  const cwd = tempFolder();
  writeFileSync(join(cwd, 'mpctl.yaml'), python(program, '--spec', kind, interpreter, '-S', program));
  const { stdout, stderr } = await runCli(['run'], { cwd, environment: pythonEnvironment, program: await bundledCli(broker) });
  const outcomes = new Map<string, string>();
  for (const { name } of table.filter((row) => row.kind === kind)) {
    const file = join(cwd, `${name}.outcome`);
    outcomes.set(name, existsSync(file) ? readFileSync(file, 'utf8') : `it told nothing:\n${stdout}\n${stderr}`);
  }
  return outcomes;
}

/** The kind is run once, within the first of its rows that is tested. */
function outcomesOf(kind: string, broker: string | null): Promise<ReadonlyMap<string, string>> {
  const key = JSON.stringify([kind, broker]);
  const known = runs.get(key) ?? runKind(kind, broker);
  runs.set(key, known);
  return known;
}

it('python client: is written in the language of Python 3.9', () => {
  const client = join(conformance, '..', '..', 'src', 'client', 'python', 'mpctl.py');
  const parse = 'import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 9)); print("read")';
  expect(python('-c', parse, client).trim()).toBe('read');
});

it('python client: is one file that needs the standard library alone, also where it imports something later', () => {
  const client = join(conformance, '..', '..', 'src', 'client', 'python', 'mpctl.py');
  const importAll = `
import ast, importlib, sys
names = set()
for node in ast.walk(ast.parse(open(sys.argv[1]).read())):
    if isinstance(node, ast.Import): names.update(alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom): names.add('.' * node.level + (node.module or ''))
for name in sorted(names): importlib.import_module(name)
print(len(names) > 5)
`;
  // Without the folders of installed packages.
  expect(python('-I', '-S', '-c', importAll, client).trim()).toBe('True');
});

it('python client: says that its program is ready, and ends the run', async () => {
  const cwd = tempFolder({
    'server.py': 'import mpctl\nmpctl.ready()\nmpctl.Event("never").wait()\n',
    'mpctl.yaml': `
events: { never: }
processes:
  server: { readiness_probe: { notify: true }, command: [python3, server.py] }
  client: { depends_on: { server: { condition: ready } }, uses: { never: set }, command: [python3, -c, 'import mpctl; print("up", flush=True); mpctl.shutdown(3)'] }
`,
  });
  const { stdout, exitCode } = await runCli(['run'], { cwd, environment: pythonEnvironment, program: join(conformance, '..', '..', 'dist', 'mpctl.cjs') });
  expect(stdout).toContain('[client] up\n');
  expect(exitCode).toBe(3);
});

function titleOf({ name, call, situation, outcome }: Row): string {
  return `${name}: ${call}; ${situation}: ${outcome}`;
}

const kinds = [...new Set(table.map(({ kind }) => kind))];

describe.each(brokers)('python client at %s', (_title, broker) => {
  describe.each(kinds)('%s', (kind) => {
    const rows = table.filter((row) => row.kind === kind);
    it.each(rows.map((row) => [titleOf(row), row.name] as const))('%s', async (_row, name) => {
      expect((await outcomesOf(kind, broker)).get(name)).toBe('ok');
    }, kindMs);
  });
});

describe('every test of CPython 3.11 for these types', () => {
  const tests = readFileSync(join(conformance, 'python', 'cpython-tests.txt'), 'utf8').trim().split('\n');
  const page = readFileSync(join(conformance, 'not-applicable.md'), 'utf8');
  const listed = [...page.matchAll(/^- `(?<test>\w+\.\w+)`: \S.*$/gm)].map(({ groups }) => groups?.['test'] ?? '');
  const covered = new Set(table.flatMap(({ covers }) => covers));

  it('is a row or has a reason why it is none', () => {
    expect(tests.filter((name) => !covered.has(name) && !listed.includes(name))).toEqual([]);
  });

  it('is not both, and no reason is for something else', () => {
    expect(listed.filter((name) => covered.has(name) || !tests.includes(name))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('gives rows that exist to whoever reads the page', () => {
    const names = new Set(table.map(({ name }) => name));
    const named = [...page.matchAll(/rows? (?<rows>`\w+`(?:(?:,|\s+and|,\s+)\s*`\w+`)*)/g)].flatMap(({ groups }) => groups?.['rows']?.match(/\w+(?=`)/g) ?? []);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });
});

it.each([
  [{}, 'MPCTL_SOCKET and MPCTL_AUTHKEY are not set'],
  [{ MPCTL_SOCKET: '/nowhere' }, 'MPCTL_AUTHKEY is not set'],
  [{ MPCTL_AUTHKEY: 'key' }, 'MPCTL_SOCKET is not set'],
])('python client: says what is missing outside of a run: %j', (own, missing) => {
  const { MPCTL_SOCKET: _, MPCTL_AUTHKEY: __, ...others } = process.env;
  const env = { ...others, ...own, ...pythonEnvironment, PYTHONPATH: join(import.meta.dirname, '..', '..', 'src', 'client', 'python') };
  const script = 'import mpctl\ntry: mpctl.Lock("file").acquire()\nexcept mpctl.NotInsideRun as error: print(error)';
  expect(execFileSync('python3', ['-c', script], { encoding: 'utf8', env, timeout: 10_000 })).toBe(`this program was not started by mpctl: ${missing}\n`);
});

describe('`serve` of the Python client', () => {
  // The thread that gives tasks back is held up where it has found that none waits any more, until the next one
  // has been taken with another behind it, or waits for the thread.
  const heldUp = `
import collections, os, sys, threading, time
import mpctl

tasks, given_in = os.pipe()
answers, given_out = os.pipe()
given = mpctl._GivenTasks(tasks, given_out)
main = threading.get_ident()
begun, found, go = threading.Event(), threading.Event(), threading.Event()
sleep = time.sleep
time.sleep = lambda seconds: (begun.set(), sleep(seconds))

class Lines(collections.deque):
    def __len__(self):
        count = super().__len__()
        if count == 0 and threading.get_ident() != main and not found.is_set():
            found.set()
            go.wait()
        return count

class Lock:
    lock = threading.Lock()
    def __enter__(self):
        if found.is_set() and self.lock.locked(): go.set()
        self.lock.acquire()
    def __exit__(self, *_): self.lock.release()

given._lines, given._lock = Lines(), Lock()
def put(*numbers): os.write(given_in, b''.join(b'{"task":%d,"item":0}\\n' % number for number in numbers))
put(0, 1)
given.take()
begun.wait()
given.answer(b'')
given.take()
given.answer(b'')
found.wait()
put(2, 3)
given.take()
go.set()
print(os.read(answers, 100).decode(), end='')
`;

  it('watches a task that others wait behind, whenever it comes', () => {
    const env = { ...process.env, ...pythonEnvironment, PYTHONPATH: join(import.meta.dirname, '..', '..', 'src', 'client', 'python') };
    expect(execFileSync('python3', ['-c', heldUp], { encoding: 'utf8', env, timeout: 10_000 })).toBe('{"return":[3]}\n');
  });
});
