import { describe, expect, it } from 'vitest';
import { next, type Programs, run } from './lock-programs.ts';

/** Two programs that hand the lock `file` on to each other until the event `over`, of which one does something at last. */
function pair(name: string, last: string, others: Programs = {}): Programs {
  return { [name]: last, 'rival.py': 'while not over.is_set():\n    for _ in range(50):\n        with file: pass', ...others };
}

describe('a program that a lock was handed on to, and that is killed', () => {
  it.each([
    ['killed.py', `shared(file)\nos.kill(os.getpid(), 9)`],
    ['killed.mjs', `await shared(file);\nprocess.kill(process.pid, 'SIGKILL');`],
  ])('while it holds it is an owner that died: %s', async (name, text) => {
    const { notes, exitCode, output } = await run({
      [name]: text,
      'rival.py': `
while True:
    with file:
        if file.owner_died: break
note('heard')
`,
    });
    expect({ exitCode, rival: notes('rival'), output }).toMatchObject({ exitCode: 0, rival: ['heard'] });
  });

  it.each([
    ['killed.py', `shared(file)\nfile.release()\nos.kill(os.getpid(), 9)`],
    ['killed.mjs', `const held = await shared(file);\nawait held.release();\nprocess.kill(process.pid, 'SIGKILL');`],
  ])('while it does not leaves the lock to the others: %s', async (name, text) => {
    const { notes, exitCode, output } = await run({
      [name]: text,
      ...next,
      'rival.py': `
while mpctl.Process('killed').is_alive():
    for _ in range(200):
        with file: assert not file.owner_died
over.set()
note('done')
`,
    });
    expect({ exitCode, rival: notes('rival'), output }).toMatchObject({ exitCode: 0, rival: ['done'] });
    expect(notes('next')[0]).toMatch(/^False \d+$/u);
  });

  it.each([
    ['killed.py', `shared(file)\nfile.release()\nnote(os.getpid())\nwhile True:\n    with file: pass`],
    ['killed.mjs', `await (await shared(file)).release();\nnote(process.pid);\nfor (;;) await (await file.acquire()).release();`],
  ])('while it waits leaves its place in line: %s', async (name, text) => {
    const { notes, exitCode, output } = await run({
      [name]: text,
      'rival.py': `
while not os.path.exists('killed') or not open('killed').read().strip():
    for _ in range(50):
        with file: pass
shared(file)
# It lines up behind this one: nothing else is left for it to do.
os.kill(int(open('killed').read()), 9)
mpctl.Process('killed').join()
file.release()
for _ in range(100):
    with file: assert not file.owner_died
note(file._look()['waiting'])
`,
    });
    expect({ exitCode, rival: notes('rival'), output }).toMatchObject({ exitCode: 0, rival: ['0'] });
  });
});

describe('a lock that is handed on', () => {
  it('is held by one at a time, whoever comes, and its fencing numbers rise', async () => {
    const rounds = 3000;
    const python = `
tokens = os.open('tokens', os.O_WRONLY | os.O_CREAT | os.O_APPEND)
count = os.open('count', os.O_RDWR | os.O_CREAT)
for round in range(${String(rounds)}):
    with file:
        os.pwrite(count, b'%d' % (int(os.pread(count, 20, 0) or 0) + 1), 0)
        os.write(tokens, f'{file.token}\\n'.encode())
    if round % 500 == 0: file.acquire(timeout=5); file.release()
`;
    const node = `
let calls = 0;
for (let round = 0; round < ${String(rounds)}; round += 1) {
  const held = await file.acquire();
  writeFileSync('count', String((existsSync('count') ? Number(readFileSync('count', 'utf8')) : 0) + 1));
  appendFileSync('tokens', held.token + '\\n');
  await held.release();
  if (round % 500 === 0) { const other = await file.tryAcquire(); await other?.release(); calls += 1; }
}
note(calls);
`;
    const { notes, exitCode, output } = await run({ 'one.py': python, 'two.mjs': node, 'three.py': python, 'four.mjs': node });
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(notes('count')).toEqual([String(4 * rounds)]);
    const tokens = notes('tokens').map(Number);
    expect(tokens.length).toBe(4 * rounds);
    expect(tokens.filter((token, at) => at > 0 && token <= (tokens[at - 1] ?? 0))).toEqual([]);
  });

  it.each([
    ['first.py', `shared(file)\nqueue.put('item')\nfile.release()\nover.set()`],
    ['first.mjs', `const held = await shared(file);\nawait queue.put('item');\nawait held.release();\nawait over.set();`],
  ])('is released after what was put before: %s', async (name, text) => {
    const { notes, exitCode, output } = await run(pair(name, text, {
      'second.py': 'over.wait()\nfile.acquire()\nnote(queue.get_nowait())',
    }));
    expect({ exitCode, second: notes('second'), output }).toMatchObject({ exitCode: 0, second: ['item'] });
  });

  it('is seen by others as it is', async () => {
    const { notes, exitCode, output } = await run(pair('first.py', `
shared(file)
note(file.token)
over.set()
queue.get()
file.release()
over.clear()
mpctl.Process('second').join()
`, {
      'second.mjs': `
await over.wait();
while ((await file.look()).waiting === 0) await new Promise(setImmediate);
const { holders, waiting } = await file.look();
note(holders.map(({ process, token }) => process + ' ' + token), waiting);
await queue.put('go');
while (await over.isSet()) await new Promise(setImmediate);
`,
      'rival.py': 'while True:\n    with file: pass\n    if mpctl.Process("first").exitcode is not None: break',
    }));
    expect({ exitCode, second: notes('second'), output }).toMatchObject({ exitCode: 0, second: [`first ${String(notes('first')[0])} 1`] });
  });

  it('may be released by another thread of the program, and then not again', async () => {
    const { notes, exitCode, output } = await run(pair('first.py', `
shared(file)
thread = threading.Thread(target=file.release)
thread.start(); thread.join()
try: file.release()
except ValueError as error: note(type(error).__name__)
with file: note('again')
over.set()
`));
    expect({ exitCode, first: notes('first'), output }).toMatchObject({ exitCode: 0, first: ['ReleasedTooOften', 'again'] });
  });

  it('is waited for by its own program without a mistake', async () => {
    const { notes, exitCode, output } = await run(pair('first.py', `
shared(file)
try: file.acquire()
except mpctl.Deadlock: note('deadlock')
note(file.acquire(timeout=0.01))
file.release()
with file: note('again')
`, {
      'second.mjs': `
const first = await shared(file);
let isIn = false;
const second = file.acquire().then(async (held) => { isIn = true; await held.release(); });
await over.isSet();
note(isIn);
await first.release();
await second;
note(isIn);
await run.process('first').join();
await over.set();
`,
    }));
    expect({ exitCode, first: notes('first'), second: notes('second'), output }).toMatchObject({
      exitCode: 0,
      first: ['deadlock', 'False', 'again'],
      second: ['false', 'true'],
    });
  });

  it.each([['py'], ['mjs']])('is in a deadlock like any other: %s', async (language) => {
    const crossing = language === 'py' ? `with file: pass\nover.set()\nshared(file)\nother.acquire()` : `await over.set();\nawait shared(file);\nawait other.acquire();`;
    const { exitCode, output } = await run({
      [`first.${language}`]: crossing,
      'second.py': `other.acquire()\nover.wait()\nshared(file)\nfile.release()\nwhile True: file.acquire(); file.release()`,
    }, '');
    expect({ exitCode, output }).toMatchObject({ exitCode: 5 });
    expect(output).toMatch(/holds `?file`?/u);
  });

  it('is lost to nobody whose waits a signal handler ends', async () => {
    const interrupted = `
import random
class Ring(Exception): pass
armed = False
def ring(_, frame):
    global armed
    if rounds < 200: signal.setitimer(signal.ITIMER_REAL, random.choice([0.0001, 0.0003, 0.001, 0.003, 0.006]))
    while armed and frame is not None:
        if frame.f_code is mpctl.Lock.acquire.__code__:
            armed = False
            raise Ring
        frame = frame.f_back
shared(file)
file.release()
rounds = 0
signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.001)
while rounds < 200:
    armed = True
    try: file.acquire()
    except Ring: rounds += 1
    else: file.release()
signal.setitimer(signal.ITIMER_REAL, 0)
note('done')
`;
    const { notes, exitCode, output } = await run({
      'one.py': interrupted,
      'two.py': interrupted,
      'rival.py': `
while mpctl.Process('one').exitcode is None or mpctl.Process('two').exitcode is None:
    for _ in range(100):
        with file: pass
note(file._look()['free'])
`,
    });
    expect({ exitCode, one: notes('one'), rival: notes('rival'), output }).toMatchObject({ exitCode: 0, one: ['done'], rival: ['1'] });
  });
});
