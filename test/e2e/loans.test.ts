import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pythonEnvironment } from '../rig/python-environment.ts';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');
const client = JSON.stringify(pathToFileURL(path.join(root, 'dist', 'client.js')).href);

/** Programs by file name. Each keeps a ledger: a file of its name, a line for each item. */
type Programs = Readonly<Record<string, string>>;

const heads: Readonly<Record<string, string>> = {
  '.py': `
import mpctl, os, signal
queue, over = mpctl.Queue('work'), mpctl.Event('over')
def ledger(name):
    file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    return lambda item: os.write(file, b'%d\\n' % item)
def length(name):
    try:
        with open(name, 'rb') as file:
            return file.read().count(b'\\n')
    except FileNotFoundError:
        return 0
`,
  '.mjs': `
import { connect } from ${client};
import { openSync, writeSync } from 'node:fs';
const run = await connect();
const queue = run.queue('work');
const over = run.event('over');
const ledger = (name) => {
  const file = openSync(name, 'a');
  return (item) => writeSync(file, item + '\\n');
};
const pause = () => new Promise(setImmediate);
`,
};

/** Runs a spec of one queue and one event, whose processes are the programs; what stands in each ledger. */
async function run(uses: Readonly<Record<string, string>>, programs: Programs, environment: Readonly<Record<string, string>> = {}, queue = '') {
  const files: Record<string, string> = {};
  const processes = Object.entries(programs).map(([file, text]) => {
    const { name, ext } = path.parse(file);
    files[file] = `${heads[ext] ?? ''}\n${text}`;
    const command = ext === '.py' ? 'python3' : 'node';
    return `  ${name}: { command: [${command}, ${file}], timeout: 40s, allow_failure: ${name.startsWith('killed')}, ${name === 'again' ? 'restart: on_failure, ' : ''}uses: { ${uses[name] ?? ''} } }`;
  });
  files['mpctl.yaml'] = `queues: { work: ${queue} }\nevents: { over: }\nprocesses:\n${processes.join('\n')}\n`;
  const cwd = tempFolder(files);
  const { exitCode, stdout, stderr } = await runCli(['run'], {
    cwd,
    program: path.join(root, 'dist', 'mpctl.cjs'),
    environment: { PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter), ...pythonEnvironment, ...environment },
  });
  const ledger = (name: string): readonly number[] => {
    const file = path.join(cwd, name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter((line) => line !== '').map(Number) : [];
  };
  return { ledger, exitCode, output: stdout + stderr };
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const inOrder = (items: readonly number[]): readonly number[] => items.toSorted((a, b) => a - b);

const putsAll = { 'producer.py': 'for number in range(5000): queue.put(number)' };
const takesTheRest = `
mpctl.Process('killed').join()
note = ledger('rest')
for item in queue: note(item)
`;

/** A queue without a bound, and one whose room what is lent fills. */
const queues = [['an unbounded queue', ''], ['a queue of 100', '{ capacity: 100 }'], ['a queue of 3', '{ capacity: 3 }']] as const;

describe.each(queues)('%s: a consumer that is killed with items on loan', (_title, queue) => {
  it.each([
    [
      'killed.py',
      `
note = ledger('taken')
for number in range(700): note(queue.get())
os.kill(os.getpid(), signal.SIGKILL)
`,
    ],
    [
      'killed.mjs',
      `
const note = ledger('taken');
for (let number = 0; number < 700; number += 1) note(await queue.get());
await pause();
process.kill(process.pid, 'SIGKILL');
`,
    ],
  ])('%s: what it had taken is its own, and others get all the rest', async (file, text) => {
    const { ledger, exitCode, output } = await run(
      { producer: 'work: put', killed: 'work: get', rest: 'work: get' },
      { ...putsAll, [file]: text, 'rest.py': takesTheRest },
      {},
      queue,
    );
    expect({ exitCode, taken: ledger('taken').length, output }).toMatchObject({ exitCode: 0, taken: 700 });
    expect(inOrder([...ledger('taken'), ...ledger('rest')])).toEqual(numbers(5000));
  });

  it('is started again, and is another reader', async () => {
    const { ledger, exitCode, output } = await run(
      { producer: 'work: put', again: 'work: get' },
      {
        ...putsAll,
        'again.py': `
is_first = length('taken') == 0
note = ledger('taken')
for number, item in enumerate(queue):
    note(item)
    if is_first and number == 699: os.kill(os.getpid(), signal.SIGKILL)
`,
      },
      {},
      queue,
    );
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(ledger('taken').toSorted((a, b) => a - b)).toEqual(numbers(5000));
  });

  it('loses nothing but what was on its way to it, and gives nothing twice, wherever it is killed', async () => {
    const { ledger, exitCode, output } = await run(
      { producer: 'work: put', killed: 'work: get', rest: 'work: get' },
      {
        'producer.py': 'for number in range(20000): queue.put(number)',
        'killed.py': `
note = ledger('taken')
for item in queue: note(item)
`,
        'rest.py': `
while length('taken') < 1000: pass
os.kill(mpctl.Process('killed').pid, signal.SIGKILL)
${takesTheRest}
`,
      },
      {},
      queue,
    );
    const found = [...ledger('taken'), ...ledger('rest')];
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(new Set(found).size).toBe(found.length);
    expect(found.length).toBeGreaterThanOrEqual(19_999);
  });
});

describe.each(queues)('%s: a producer that ends', (_title, queue) => {
  it('by a signal has put everything whose put has returned, and nothing twice', async () => {
    const { ledger, exitCode, output } = await run(
      { killed: 'work: put', rest: 'work: get' },
      {
        'killed.py': `
note = ledger('put')
for number in range(10**9):
    queue.put(number)
    note(number)
`,
        'rest.py': `
first = ledger('rest')
while length('put') < 3000: ${queue === '' ? 'pass' : 'first(queue.get())'}
os.kill(mpctl.Process('killed').pid, signal.SIGKILL)
${takesTheRest}
`,
      },
      {},
      queue,
    );
    const [put, got] = [ledger('put'), ledger('rest')];
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(got).toEqual(numbers(got.length));
    expect([put.length, put.length + 1]).toContain(got.length);
  });

  it('by process.exit has put everything whose put has returned, more than a socket holds', async () => {
    const { ledger, exitCode, output } = await run(
      { killed: 'work: put', rest: 'work: get' },
      {
        'killed.mjs': `
const padding = '0'.repeat(999);
for (let number = 0; number < 3000; number += 1) {
  await queue.put([number, padding]);
  if (number === 1500) await pause();
}
process.exit(0);
`,
        'rest.py': `
note = ledger('rest')
for item, _ in queue: note(item)
`,
      },
      {},
      queue,
    );
    expect({ exitCode, got: ledger('rest').length, output }).toMatchObject({ exitCode: 0, got: 3000 });
    expect(ledger('rest')).toEqual(numbers(3000));
  });

  it('fills no frame with more than the run takes', async () => {
    const { ledger, exitCode, output } = await run(
      { producer: 'work: put', rest: 'work: get' },
      {
        'producer.py': `
queue.put([0, ''])
for number in range(1, 201):
    queue.put([number, 'x' * (32700 if number % 4 == 0 else 700 if number % 4 == 3 else 16000)])
`,
        'rest.py': `
note = ledger('rest')
for item, _ in queue: note(item)
`,
      },
      { MPCTL_MAX_FRAME: '64K' },
      queue,
    );
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(ledger('rest')).toEqual(numbers(201));
  });
});

const stopped: readonly (readonly [string, string])[] = [
  [
    'stopped.py',
    `
note = ledger('taken')
for number in range(700): note(queue.get())
over.wait()
`,
    ],
  [
    'stopped.mjs',
    `
const note = ledger('taken');
for (let number = 0; number < 700; number += 1) note(await queue.get());
await over.wait();
`,
    ],
  [
    // Two tasks of one program: they are one reader.
    'stopped.mjs',
    `
const note = ledger('taken');
let left = 700;
const work = async () => {
  for await (const item of queue) {
    note(item);
    left -= 1;
    if (left <= 0) break;
    if (left % 50 === 0) await pause();
  }
};
await Promise.all([work(), work()]);
await over.wait();
`,
    ],
  [
    // Two connections of one program, which count for themselves.
    'stopped.mjs',
    `
const note = ledger('taken');
const other = (await connect()).queue('work');
for (let number = 0; number < 350; number += 1) {
  note(await queue.get());
  note(await other.get());
}
await over.wait();
`,
    ],
];

describe.each(queues)('%s: a consumer that stops getting, with items on loan', (_title, queue) => {
  it.each(stopped)('%s: another one gets all the rest, and whoever joins goes on', async (file, text) => {
    const { ledger, exitCode, output } = await run(
      { producer: 'work: put', stopped: 'work: get', rest: 'work: get', joiner: 'over: set' },
      {
        ...putsAll,
        [file]: text,
        'rest.py': `
note = ledger('rest')
while length('taken') < 700: pass
for item in queue: note(item)
`,
        'joiner.py': `
while length('taken') < 700: pass
mpctl.JoinableQueue('work').join()
over.set()
`,
      },
      {},
      queue,
    );
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(inOrder([...ledger('taken'), ...ledger('rest')])).toEqual(numbers(5000));
  });
});

describe('a consumer that stops getting, with items on loan of an unbounded queue', () => {
  it.each(stopped)('%s: another one that only looks whether there is one gets all the rest', async (file, text) => {
    const { ledger, exitCode, output } = await run(
      { producer: 'work: put', stopped: 'work: get', rest: 'work: get, over: set' },
      {
        ...putsAll,
        [file]: text,
        'rest.py': `
from queue import Empty
note = ledger('rest')
while length('taken') < 700: pass
mpctl.Process('producer').join()
while length('taken') + length('rest') < 5000:
    try:
        note(queue.get_nowait())
    except Empty:
        pass
over.set()
`,
      },
    );
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(inOrder([...ledger('taken'), ...ledger('rest')])).toEqual(numbers(5000));
  });

  it('is seen to have taken what it has taken, by whoever looks again', async () => {
    const { exitCode, output } = await run(
      { producer: 'work: put', stopped: 'work: get', looker: 'over: set' },
      {
        ...putsAll,
        'stopped.py': `
mpctl.Process('producer').join()
for number in range(700): queue.get()
over.wait()
`,
        'looker.py': `
mpctl.Process('producer').join()
while queue.qsize() != 4300: pass
over.set()
`,
      },
    );
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  });
});
