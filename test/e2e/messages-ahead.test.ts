import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pythonEnvironment } from '../rig/python-environment.ts';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');

const head = `
import mpctl, os, signal, subprocess, sys
link = mpctl.Connection('link')
def note(words): os.write(os.open('ledger', os.O_WRONLY | os.O_CREAT | os.O_APPEND), (str(words) + '\\n').encode())
def files(): return any('/clients/' in os.readlink(f'/proc/self/fd/{fd}') for fd in os.listdir('/proc/self/fd') if os.path.islink(f'/proc/self/fd/{fd}'))
`;

const sendsAll = `for number in range(2000): link.send(number)\nlink.close()`;

/** Runs a sender and a receiver, which are Python programs, and gives the lines of the ledger. */
async function run({ sender = sendsAll, receiver, other = '', more = '' }: { readonly sender?: string; readonly receiver: string; readonly other?: string; readonly more?: string }) {
  const cwd = tempFolder({
    'sender.py': head + sender,
    'receiver.py': head + receiver,
    'other.py': head + other,
    'mpctl.yaml': `
pipes: { link: { between: [sender, receiver] } }
events: { ready: }
processes:
  sender: { command: [python3, sender.py], timeout: 40s, uses: { ready: wait } }
  receiver: { command: [python3, receiver.py], timeout: 40s, uses: { ready: set }, ${more} }
`,
  });
  const { exitCode, stdout, stderr } = await runCli(['run'], { cwd, program: path.join(root, 'dist', 'mpctl.cjs'), environment: { PATH: process.env['PATH'] ?? '', ...pythonEnvironment } });
  const file = path.join(cwd, 'ledger');
  return { exitCode, output: stdout + stderr, ledger: existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [] };
}

const numbers = Array.from({ length: 2000 }, (_, index) => String(index));

describe('messages that come ahead of their receipts', () => {
  it('come in order, once, and then the end of the stream', async () => {
    const { exitCode, output, ledger } = await run({
      receiver: `
try:
    while True: note(link.recv())
except EOFError: note(files())
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: [...numbers, 'True'] });
  });

  it('are the pipe’s until they are taken: the next attempt gets what a killed one has left', async () => {
    const { exitCode, output, ledger } = await run({
      more: 'restart: on_failure, max_restarts: 5',
      receiver: `
is_first = not os.path.exists('ledger')
try:
    while True:
        item = link.recv()
        note(item)
        if is_first and item == 700 and files(): os.kill(os.getpid(), 9)
except EOFError: note('killed' if not is_first else 'never')
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: [...numbers, 'killed'] });
  });

  it('go to another program at the same end as soon as that asks', async () => {
    const { exitCode, output, ledger } = await run({
      receiver: `
for number in range(700): note(link.recv())
note(files())
subprocess.run([sys.executable, 'other.py'], check=True)
note('still there')
`,
      other: `
try:
    while True: note(link.recv())
except EOFError: pass
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({
      exitCode: 0,
      ledger: [...numbers.slice(0, 700), 'True', ...numbers.slice(700), 'still there'],
    });
  });

  it('go back and forth between two programs at one end, each once and in order', async () => {
    const { exitCode, output, ledger } = await run({
      receiver: `
child = subprocess.Popen([sys.executable, 'other.py'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for turn in range(20):
    for number in range(50): note(link.recv())
    child.stdin.write(b'go\\n'); child.stdin.flush()
    child.stdout.readline()
child.stdin.close()
child.wait()
try: link.recv()
except EOFError: note('end')
`,
      other: `
for line in sys.stdin:
    for number in range(50): note(link.recv())
    print('done', flush=True)
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: [...numbers, 'end'] });
  });

  it('are seen by `poll` and lost by nobody who is interrupted', async () => {
    const { exitCode, output, ledger } = await run({
      sender: `${sendsAll.replace('link.close()', '')}\nmpctl.Event('ready').wait()\nlink.close()`,
      receiver: `
class Stop(BaseException): pass
is_armed, stops, found = False, 0, []
def stop(*_):
    global is_armed, stops
    if is_armed:
        is_armed = False
        stops += 1
        raise Stop
signal.signal(signal.SIGALRM, stop)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0011)
def receive():
    while len(found) < 2000: found.append(link.recv())
while len(found) < 2000:
    try:
        is_armed = True
        receive()
        is_armed = False
    except Stop: pass
for item in found: note(item)
assert stops > 5, stops
signal.setitimer(signal.ITIMER_REAL, 0)
note(link.poll(0))
mpctl.Event('ready').set()
note(link.poll(None))
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: [...numbers, 'False', 'True'] });
  });
});
