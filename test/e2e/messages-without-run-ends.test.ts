import { describe, expect, it } from 'vitest';
import { runPipeEnds } from '../rig/run-pipe-ends.ts';

describe('messages without the run, where something comes between', () => {
  it('are all received of a sender that is killed', async () => {
    const { exitCode, output, ledger } = await runPipeEnds({
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
    const { exitCode, output, ledger } = await runPipeEnds({
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

  it('come to an end where the receiver closes: the next send is told so', async () => {
    const { exitCode, output, ledger } = await runPipeEnds({
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

  it('are neither lost nor doubled where signal handlers raise in either program', async () => {
    const { exitCode, output, ledger } = await runPipeEnds({
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

  it('are neither lost nor doubled wherever a handler raises within their sending and their receipt', async () => {
    const { exitCode, output, ledger } = await runPipeEnds({
      sender: `
until_direct()
link.send('begin')
unsure = []
for number in range(20000):
    try: interrupted(link.send, ('put', 'store', '_has_room'), number)
    except Stop: unsure.append(number)
link.send({'unsure': unsure})
link.close()
`,
      receiver: `
receive_all(lambda item: item == 'begin')
numbers, count = [], 0
while not numbers or type(numbers[-1]) is int:
    try: numbers.append(interrupted(link.recv, ('take', 'has_read', 'load')))
    except Stop: count += 1
unsure = numbers.pop()['unsure']
note([count > 100, len(unsure) > 100])
note(all(one < other for one, other in zip(numbers, numbers[1:])))
note(sorted(set(range(20000)) - set(numbers) - set(unsure)))
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['[True, True]', 'True', '[]'] });
  });

  it('are neither lost nor doubled while somebody calls them off again and again', async () => {
    const { exitCode, output, ledger } = await runPipeEnds({
      sender: `
mpctl._Sends._most = 20
number, is_enough = 0, False
while not is_enough:
    link.send(number)
    found, is_enough = link.recv()
    assert found == number
    number += 1
link.close()
`,
      receiver: `
mpctl._Sends._most = 20
granted, hear = 0, mpctl._Ahead.hear_inlet
def count(*arguments):
    global granted
    granted += 1
    hear(*arguments)
mpctl._Ahead.hear_inlet = count
looker = subprocess.Popen([sys.executable, 'other.py'])
numbers = []
try:
    while True:
        numbers.append(link.recv())
        link.send([numbers[-1], granted > 50])
except EOFError: note(numbers == list(range(len(numbers))))
looker.kill()
`,
      other: `
while True:
    for _ in range(100): mpctl._client.call('event.look', '{"name":"ready"}')
    mpctl._client.call('pipe.look', '{"name":"link"}')
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['True'] });
  });

  it.each([
    ['_Outlet', 'barrier'],
    ['_Outlet', 'store_barrier'],
    ['_Inlet', 'barrier'],
    ['_Inlet', 'store_barrier'],
  ])('are neither lost nor doubled where the run calls them off just before %s.%s', async (side, step) => {
    const callOff = `
other = mpctl._Stream()
step, count = mpctl._Channel.${step}, 0
def call_off(self):
    global count
    count += 1
    other.call(0, 'pipe.look', '{"name":"link"}', None)
    step(self)
mpctl.${side}.${step} = call_off
`;
    const { exitCode, output, ledger } = await runPipeEnds({
      sender: `
mpctl._Sends._most = 20
${side === '_Outlet' ? callOff : 'count = 10'}
for number in range(1000):
    link.send(number)
    link.recv()
note(count >= 10)
link.close()
`,
      receiver: `
${side === '_Inlet' ? callOff : 'count = 10'}
numbers = []
try:
    while True:
        numbers.append(link.recv())
        link.send(None)
except EOFError: note(numbers == list(range(1000)))
note(count >= 10)
`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['True', 'True', 'True'] });
  });

  it('leave a fork to go by the run', async () => {
    const { exitCode, output, ledger } = await runPipeEnds({
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
    const { exitCode, output } = await runPipeEnds({
      limit: '',
      sender: `
until_direct(0, 300, link.recv)
link.recv()
`,
      receiver: `
while True: link.send(link.recv())
`,
    });
    expect({ exitCode, output }).toMatchObject({ exitCode: 5 });
    expect(output).toContain('deadlock: each of these waits for the next');
  });

  it.each([
    ['counts that cannot be', 'channel.words[0] = 1 << 63'],
    ['what is no JSON', "channel.store(channel.words[0], b'{{\\n'); channel.words[0] += 3"],
    ['no end of a line', "channel.store(channel.words[0], b'{{{'); channel.words[0] += 3"],
    ['lists within lists', "channel.store(channel.words[0], b'[' * 9000 + b']' * 9000 + b'\\n'); channel.words[0] += 18001"],
    ['bytes that are no text', "channel.store(channel.words[0], b'\\xff\\xfe\\n'); channel.words[0] += 3"],
  ])('do no harm where there are %s in the file', async (_, harm) => {
    const { exitCode, output, ledger } = await runPipeEnds({
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
