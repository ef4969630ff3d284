import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inChild, next, root, run, tracer } from './lock-programs.ts';

describe('a program that a lock was left to, and that is killed', () => {
  it.each([
    ['killed.py', `own(file)\nfor _ in range(5): file.release(); file.acquire()\nnote(file.token)\nover.set()\nos.kill(os.getpid(), 9)`],
    ['killed.mjs', `let held = await own(file);\nfor (let round = 0; round < 5; round += 1) { await held.release(); held = await file.acquire(); }\nnote(held.token);\nawait over.set();\nprocess.kill(process.pid, 'SIGKILL');`],
  ])('while it holds it is an owner that died: %s', async (name, text) => {
    const { notes, exitCode, output } = await run({ [name]: text, ...next });
    const token = Number(notes('killed')[0]);
    expect({ exitCode, next: notes('next'), output }).toMatchObject({ exitCode: 0, next: [`True ${String(token + 1)}`] });
  });

  it.each([
    ['killed.py', `own(file)\nfor _ in range(5): file.release(); file.acquire()\nnote(file.token)\nover.set()\nfile.release()\nos.kill(os.getpid(), 9)`],
    ['killed.mjs', `let held = await own(file);\nfor (let round = 0; round < 5; round += 1) { await held.release(); held = await file.acquire(); }\nnote(held.token);\nawait over.set();\nawait held.release();\nprocess.kill(process.pid, 'SIGKILL');`],
  ])('while it does not leaves the lock free: %s', async (name, text) => {
    const { notes, exitCode, output } = await run({ [name]: text, ...next });
    const token = Number(notes('killed')[0]);
    expect({ exitCode, next: notes('next'), output }).toMatchObject({ exitCode: 0, next: [`False ${String(token + 2)}`] });
  });
});

describe('a lock that was left to a program', () => {
  it('is held by nobody whose taking of it was interrupted, at whatever line', async () => {
    const { notes, exitCode, output } = await run({
      'first.py': `${tracer}
number = 0
while True:
    number += 1
    for _ in range(40):
        with file: pass
    try:
        if not at_line(number, file.acquire, ring): break
    except Ring: pass
    # One that this thread held would be a deadlock.
    with file: pass
file.release()
note(number > 10)
`,
    });
    expect({ exitCode, first: notes('first'), output }).toMatchObject({ exitCode: 0, first: ['True'] });
  });

  it.each([
    ['killed.py', `own(file)\nover.set()\nfile.release()\nnote(os.getpid())\nos.kill(os.getpid(), signal.SIGSTOP)`],
    ['killed.mjs', `const held = await own(file);\nawait over.set();\nawait held.release();\nnote(process.pid);\nprocess.kill(process.pid, 'SIGSTOP');`],
  ])('goes to others while that program is stopped: %s', async (name, text) => {
    const { notes, exitCode, output } = await run({
      [name]: text,
      'next.py': `
over.wait()
pid = 0
while not pid:
    try: pid = int(open('killed').read())
    except (FileNotFoundError, ValueError): pass
while open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[0] != 'T': pass
note(file.acquire(timeout=30), file.owner_died)
os.kill(pid, 9)
`,
    });
    expect({ exitCode, next: notes('next'), output }).toMatchObject({ exitCode: 0, next: ['True False'] });
  });

  it('is held by one at a time, whoever comes, and its fencing numbers rise', async () => {
    const work = {
      py: (rounds: number) => `
for round in range(${String(rounds)}):
    for _ in range(60):
        with file:
            count = int(open('count').read() or 0) if os.path.exists('count') else 0
            open('count', 'w').write(str(count + 1))
            os.write(tokens, f'{file.token}\\n'.encode())
    with other: pass
`,
      mjs: (rounds: number) => `
for (let round = 0; round < ${String(rounds)}; round += 1) {
  for (let at = 0; at < 60; at += 1) {
    const held = await file.acquire();
    const count = existsSync('count') ? Number(readFileSync('count', 'utf8')) : 0;
    writeFileSync('count', String(count + 1));
    appendFileSync('tokens', held.token + '\\n');
    await held.release();
  }
  await (await other.acquire()).release();
}
`,
    };
    const python = `tokens = os.open('tokens', os.O_WRONLY | os.O_CREAT | os.O_APPEND)\n`;
    const { notes, exitCode, output } = await run({ 'one.py': python + work.py(8), 'two.mjs': work.mjs(8), 'three.py': python + work.py(8), 'four.mjs': work.mjs(8) });
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(notes('count')).toEqual([String(4 * 8 * 60)]);
    const tokens = notes('tokens').map(Number);
    expect(tokens.length).toBe(4 * 8 * 60);
    expect(tokens.filter((token, at) => at > 0 && token <= (tokens[at - 1] ?? 0))).toEqual([]);
  });

  it.each([
    ['first.py', `own(file)\nqueue.put('item')\nfile.release()\nover.set()\nmpctl.Process('second').join()`],
    ['first.mjs', `const held = await own(file);\nawait queue.put('item');\nawait held.release();\nawait over.set();\nawait run.process('second').join();`],
  ])('is released after what was put before: %s', async (name, text) => {
    const { notes, exitCode, output } = await run({ [name]: text, 'second.py': 'over.wait()\nfile.acquire()\nnote(queue.get_nowait())' });
    expect({ exitCode, second: notes('second'), output }).toMatchObject({ exitCode: 0, second: ['item'] });
  });

  it('is seen by others as it is', async () => {
    const { notes, exitCode, output } = await run({
      'first.py': `
own(file)
file.release(); file.acquire()
note(file.token)
over.set()
queue.get()
file.release()
over.clear()
mpctl.Process('second').join()
`,
      'second.mjs': `
await over.wait();
const { holders } = await file.look();
note(holders.map(({ process, token }) => process + ' ' + token));
await queue.put('go');
while (await over.isSet()) await new Promise(setImmediate);
note((await file.look()).holders.length);
`,
    });
    expect({ exitCode, second: notes('second'), output }).toMatchObject({ exitCode: 0, second: [`first ${String(notes('first')[0])}`, '0'] });
  });

  it('may be released by another thread of the program, and then not again', async () => {
    const { notes, exitCode, output } = await run({
      'first.py': `
own(file)
file.release(); file.acquire()
thread = threading.Thread(target=file.release)
thread.start(); thread.join()
try: file.release()
except ValueError as error: note(type(error).__name__)
with file: note('again')
`,
    });
    expect({ exitCode, first: notes('first'), output }).toMatchObject({ exitCode: 0, first: ['ReleasedTooOften', 'again'] });
  });

  it('may be released by another process of the program, and then taken and released as before', async () => {
    const { notes, exitCode, output } = await run({
      'first.py': `
own(file)
file.release(); file.acquire()
${inChild('file.release()')}
file.acquire()
file.release()
note(file._look()['free'])
`,
    });
    expect({ exitCode, first: notes('first'), output }).toMatchObject({ exitCode: 0, first: ['1'] });
  });

  it('may be released by a verb of the program, and then taken and released as before', async () => {
    const { notes, exitCode, output } = await run({
      'first.py': `
import subprocess
own(file)
file.release(); file.acquire()
subprocess.run(['node', ${JSON.stringify(path.join(root, 'dist', 'mpctl.cjs'))}, 'lock', 'release', 'file'], check=True)
file.acquire()
file.release()
note(file._look()['free'])
`,
    });
    expect({ exitCode, first: notes('first'), output }).toMatchObject({ exitCode: 0, first: ['1'] });
  });

  it.each([
    ['thread', `threading.Thread(target=hold).start()`],
    ['process', `if os.fork() == 0: hold(); os._exit(0)`],
  ])('is not taken from another %s of the program that has it', async (_, begin) => {
    const { notes, exitCode, output } = await run({
      'first.py': `
inside, ending = os.pipe(), os.pipe()
def hold():
    file.acquire()
    os.write(inside[1], b'x')
    os.read(ending[0], 1)
    file.release()
own(file)
file.release()
${begin}
os.read(inside[0], 1)
note(file.acquire(block=False))
note(file._look()['free'])
os.write(ending[1], b'x')
note(file.acquire())
file.release()
`,
    });
    expect({ exitCode, first: notes('first'), output }).toMatchObject({ exitCode: 0, first: ['False', '0', 'True'] });
  });

  it('is waited for by its own program without a mistake', async () => {
    const { notes, exitCode, output } = await run({
      'first.py': `
own(file)
file.release(); file.acquire()
try: file.acquire()
except mpctl.Deadlock: note('deadlock')
note(file.acquire(timeout=0.01))
file.release()
with file: note('again')
`,
      'second.mjs': `
const first = await own(other);
let isIn = false;
const second = other.acquire().then(async (held) => { isIn = true; await held.release(); });
await over.isSet();
note(isIn);
await first.release();
await second;
note(isIn);
`,
    });
    expect({ exitCode, first: notes('first'), second: notes('second'), output }).toMatchObject({
      exitCode: 0,
      first: ['deadlock', 'False', 'again'],
      second: ['false', 'true'],
    });
  });

  it('is in a deadlock like any other', async () => {
    const { exitCode, output } = await run({
      'first.py': `own(file)\nover.set()\nqueue.get()\nother.acquire()`,
      'second.py': `own(other)\nover.wait()\nqueue.put(1)\nfile.acquire()`,
    }, '');
    expect({ exitCode, output }).toMatchObject({ exitCode: 5 });
    expect(output).toMatch(/first.*waits.*`?other`?/u);
    expect(output).toMatch(/holds `?file`?/u);
  });
});
