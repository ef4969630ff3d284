import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');
const program = path.join(root, 'dist', 'mpctl.cjs');

/** `until_direct` sends, or exchanges, numbers until a message went without the run, and gives the first that was not sent. */
const head = `
import mpctl, os, signal, struct, subprocess, sys, threading
link, ready, again = mpctl.Connection('link'), mpctl.Event('ready'), mpctl.Event('again')
def note(words): os.write(os.open('ledger', os.O_WRONLY | os.O_CREAT | os.O_APPEND), (str(words) + '\\n').encode())
def channels():
    mapped = {line.split(None, 5)[5].strip() for line in open('/proc/self/maps') if '/clients/' in line}
    words = [open(one, 'rb').read(16) for one in mapped if os.path.exists(one) and os.path.getsize(one) > 100_000]
    return [struct.unpack('<2Q', two) for two in words]
def sent(): return max((sent for sent, _ in channels()), default=0)
def until_direct(number=0, least=1, exchange=lambda: None):
    while sent() < least:
        link.send(number)
        exchange()
        number += 1
    return number
def receive_all(end=lambda item: False):
    found = []
    try:
        while not found or not end(found[-1]): found.append(link.recv())
    except EOFError: pass
    return found
class Stop(BaseException): pass
class Stops:
    is_armed, count = False, 0
    def begin(self):
        signal.signal(signal.SIGALRM, self.stop)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0011)
    def stop(self, *_):
        if self.is_armed:
            self.is_armed = False
            self.count += 1
            raise Stop
stops = Stops()
`;

interface Programs {
  readonly sender: string;
  readonly receiver: string;
  readonly other?: string;
  readonly more?: string;
  /** Nothing where a deadlock is to be found: what is ended after a time is in none. */
  readonly limit?: 'timeout: 40s,' | '';
}

/** Runs a sender and a receiver, which are Python programs, and gives the lines of the ledger. */
async function run({ sender, receiver, other = '', more = '', limit = 'timeout: 40s,' }: Programs) {
  const cwd = tempFolder({
    'sender.py': head + sender,
    'receiver.py': head + receiver,
    'other.py': head + other,
    'mpctl.yaml': `
pipes: { link: { between: [sender, receiver] } }
events: { ready: , again: }
queues: { work: }
processes:
  sender: { command: [python3, sender.py], ${limit} uses: { ready: [set, wait], again: wait, work: put } }
  receiver: { command: [python3, receiver.py], ${limit} uses: { ready: [set, wait], again: set, work: get }, ${more} }
`,
  });
  const environment = { PATH: process.env['PATH'] ?? '', PYTHONDONTWRITEBYTECODE: '1', NODE: process.execPath, MPCTL: program };
  const { exitCode, stdout, stderr } = await runCli(['run'], { cwd, program, environment });
  const file = path.join(cwd, 'ledger');
  return { exitCode, output: stdout + stderr, ledger: existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [] };
}

describe('messages that go from one end to the other without the run', () => {
  it('go there and back, in order, and come as they do through the run', async () => {
    const values = `[0, -1, 2**53 - 1, 1.0, -0.0, 1.5, 1e16, 1.2345678901234567e19, 1e21, 5e-324, 'ü\\ud83d\\ude00\\n', [[], {'a': None}], True]`;
    const { exitCode, output, ledger } = await run({
      sender: `
values = ${values}
def exchange(item):
    link.send(item)
    return link.recv()
by_run = [exchange(value) for value in values]
number = until_direct(0, 3000, lambda: link.recv())
note([exchange(value) for value in values] == by_run)
link.close()
`,
      receiver: `
expected = 0
try:
    while True:
        item = link.recv()
        link.send(repr(item))
        if type(item) is int and item == expected: expected += 1
except EOFError: note(expected > 500)
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['True', 'True'] });
  });

  it('all come, in order and once, and then the end of the stream, however many fill the file', async () => {
    const { exitCode, output, ledger } = await run({
      sender: `
begun = until_direct()
for number in range(begun, begun + 5000): link.send([number, 'x' * (number % 400)])
link.close()
note(begun + 5000)
`,
      receiver: `
found = receive_all()
numbers = [item if type(item) is int else item[0] for item in found]
assert all(type(item) is int or len(item[1]) == item[0] % 400 for item in found)
note(numbers == list(range(len(numbers))))
note(len(numbers))
`,
    });
    const [count, ...rest] = ledger.toSorted();
    expect({ exitCode, output, rest }).toMatchObject({ exitCode: 0, rest: [count, 'True'] });
  });

  it('fill the file while nobody takes them, and go by the run from then on: no send waits', async () => {
    const { exitCode, output, ledger } = await run({
      sender: `
number = until_direct()
link.send('wait')
for item in range(4000): link.send([item, 'x' * 200])
ready.set()
link.close()
`,
      receiver: `
receive_all(lambda item: item == 'wait')
ready.wait()
found = receive_all()
note([item for item, _ in found] == list(range(4000)))
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['True'] });
  });

  it('are all received of a sender that is killed', async () => {
    const { exitCode, output, ledger } = await run({
      sender: `
child = subprocess.run([sys.executable, 'other.py'])
note(child.returncode)
ready.set()
link.close()
`,
      other: `
number = until_direct()
link.send('wait')
for item in range(1000): link.send(item)
note(sent() > 1000)
os.kill(os.getpid(), 9)
`,
      receiver: `
receive_all(lambda item: item == 'wait')
ready.wait()
note(receive_all() == list(range(1000)))
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['True', '-9', 'True'] });
  });

  it('are the pipe’s until they are taken: the next attempt gets what a killed receiver has left', async () => {
    const { exitCode, output, ledger } = await run({
      more: 'restart: on_failure, max_restarts: 5',
      sender: `
until_direct()
link.send('begin')
for number in range(3000): link.send(number)
ready.set()
again.wait()
link.close()
`,
      receiver: `
is_first = not os.path.exists('ledger')
if is_first:
    receive_all(lambda item: item == 'begin')
    ready.wait()
else: again.set()
try:
    while True:
        item = link.recv()
        note(item)
        if is_first and item == 200 and channels(): os.kill(os.getpid(), 9)
except EOFError: note('never' if is_first else 'killed')
`,
    });
    const numbers = Array.from({ length: 3000 }, (_, index) => String(index));
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: [...numbers, 'killed'] });
  });

  it('go to other threads at either end as well, each once, those of each in order', async () => {
    const { exitCode, output, ledger } = await run({
      sender: `
until_direct()
link.send('begin')
def send(which):
    for number in range(1500): link.send([which, number])
other = threading.Thread(target=send, args=(1,))
for number in range(500): link.send([0, number])
other.start()
for number in range(500, 1500): link.send([0, number])
other.join()
link.close()
`,
      receiver: `
found = [[], []]
def receive(which):
    try:
        while True: found[which].append(link.recv())
    except EOFError: pass
receive_all(lambda item: item == 'begin')
other = threading.Thread(target=receive, args=(1,))
for _ in range(200): found[0].append(link.recv())
other.start()
receive(0)
other.join()
note(sorted(found[0] + found[1]) == [[which, number] for which in (0, 1) for number in range(1500)])
for mine in found:
    for which in (0, 1):
        numbers = [number for sender, number in mine if sender == which]
        note(numbers == sorted(numbers))
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['True', 'True', 'True', 'True', 'True'] });
  });

  it('are seen by `poll`, by who looks at the pipe and by other programs of the same end', async () => {
    const { exitCode, output, ledger } = await run({
      sender: `
until_direct()
link.send('poll')
for number in range(10): link.send(number)
ready.set()
link.recv()
until_direct(10, 300)
again.wait()
link.close()
`,
      receiver: `
receive_all(lambda item: item == 'poll')
ready.wait()
note(link.poll(0))
note(link.recv())
note([mpctl._client.call('pipe.look', '{"name":"link"}')['inbound'] >= 9, link.recv()])
print(subprocess.run([sys.executable, 'other.py'], check=True, stdout=subprocess.PIPE, text=True).stdout)
link.send('go on')
while not channels(): last = link.recv()
note(subprocess.run([os.environ['NODE'], os.environ['MPCTL'], 'ps', '--queues'], stdout=subprocess.PIPE).returncode)
note(subprocess.run([os.environ['NODE'], os.environ['MPCTL'], 'why', 'link'], stdout=subprocess.PIPE).returncode)
again.set()
rest = receive_all()
note(rest == list(range(last + 1, last + 1 + len(rest))))
note(link.poll(0))
`,
      other: `note(link.recv())`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['True', '0', '[True, 1]', '2', '0', '0', 'True', 'True'] });
  });

  it('come to an end where the receiver closes: the next send is told so', async () => {
    const { exitCode, output, ledger } = await run({
      sender: `
until_direct()
link.send('close')
ready.wait()
try: link.send('more')
except BrokenPipeError: note('broken')
`,
      receiver: `
receive_all(lambda item: item == 'close')
link.close()
ready.set()
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['broken'] });
  });

  it('come after what was put before them', async () => {
    const { exitCode, output, ledger } = await run({
      sender: `
work = mpctl.Queue('work')
number = until_direct()
for item in range(1000):
    work.put(item)
    link.send(['put', item])
note(sent() > 8000)
link.close()
`,
      receiver: `
work = mpctl.Queue('work')
try:
    while True:
        item = link.recv()
        if type(item) is list: assert work.get_nowait() == item[1]
except EOFError: note('end')
`,
    });
    expect({ exitCode, output, ledger: ledger.toSorted() }).toMatchObject({ exitCode: 0, ledger: ['True', 'end'] });
  });

  it('are neither lost nor doubled where signal handlers raise in either program', async () => {
    const { exitCode, output, ledger } = await run({
      sender: `
until_direct()
link.send('begin')
stops.begin()
unsure, following = set(), 0
def send_all():
    global following
    while following < 30000:
        number = following
        unsure.add(number)
        following += 1
        link.send(number)
        unsure.discard(number)
while following < 30000:
    try:
        stops.is_armed = True
        send_all()
    except Stop: pass
stops.is_armed = False
signal.setitimer(signal.ITIMER_REAL, 0)
link.send({'unsure': sorted(unsure), 'stops': stops.count})
link.close()
`,
      receiver: `
receive_all(lambda item: item == 'begin')
stops.begin()
found = []
def receive():
    while True: found.append(link.recv())
is_over = False
while not is_over:
    try:
        stops.is_armed = True
        receive()
    except Stop: pass
    except EOFError: is_over = True
    stops.is_armed = False
signal.setitimer(signal.ITIMER_REAL, 0)
last, numbers = found.pop(), found
note([stops.count > 5, last['stops'] > 5])
note(all(one < other for one, other in zip(numbers, numbers[1:])))
note(sorted(set(range(30000)) - set(numbers) - set(last['unsure'])))
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['[True, True]', 'True', '[]'] });
  });

  it('leave a fork to go by the run', async () => {
    const { exitCode, output, ledger } = await run({
      sender: `
begun = until_direct()
child = os.fork()
if child == 0:
    for number in range(1000): link.send(['child', number])
    os._exit(0)
for number in range(1000): link.send(['parent', number])
os.waitpid(child, 0)
link.send('end')
`,
      receiver: `
found = [item for item in receive_all(lambda item: item == 'end') if type(item) is list]
for who in ('child', 'parent'): note([number for one, number in found if one == who] == list(range(1000)))
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['True', 'True'] });
  });

  it('end in a deadlock where both programs receive', async () => {
    const { exitCode, output } = await run({
      limit: '',
      sender: `
until_direct(0, 300, link.recv)
link.recv()
`,
      receiver: `
while True: link.send(link.recv())
`,
    });
    expect({ exitCode, output }).toMatchObject({ exitCode: 5, output: expect.stringContaining('deadlock') });
  });

  it.each([
    ['counts that cannot be', 'channel.words[0] = 1 << 63'],
    ['what is no JSON', "channel.store(channel.words[0], b'{{\\n'); channel.words[0] += 3"],
    ['no end of a line', "channel.store(channel.words[0], b'{{{'); channel.words[0] += 3"],
    ['lists within lists', "channel.store(channel.words[0], b'[' * 9000 + b']' * 9000 + b'\\n'); channel.words[0] += 18001"],
    ['bytes that are no text', "channel.store(channel.words[0], b'\\xff\\xfe\\n'); channel.words[0] += 3"],
  ])('do no harm where there are %s in the file', async (_, harm) => {
    const { exitCode, output, ledger } = await run({
      sender: `
until_direct()
link.send('wait')
link.recv()
channel = mpctl._client.lease().stream.sends['link'].outlet
${harm}
ready.set()
link.recv()
for number in range(100): link.send(number)
link.close()
`,
      receiver: `
receive_all(lambda item: item == 'wait')
link.send('it is empty')
ready.wait()
link.send('go on')
note(receive_all()[-100:] == list(range(100)))
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['True'] });
  });
});
