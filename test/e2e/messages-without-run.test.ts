import { describe, expect, it } from 'vitest';
import { runPipeEnds } from '../rig/run-pipe-ends.ts';

describe('messages that go from one end to the other without the run', () => {
  it('go there and back, in order, and come as they do through the run', async () => {
    const values = `[0, -1, 2**53 - 1, 1.0, -0.0, 1.5, 1e16, 1.2345678901234567e19, 1e21, 5e-324, 'ü\\ud83d\\ude00\\n', [[], {'a': None}], True]`;
    const { exitCode, output, ledger } = await runPipeEnds({
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
    const { exitCode, output, ledger } = await runPipeEnds({
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
    const { exitCode, output, ledger } = await runPipeEnds({
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

  it('go to other threads at either end as well, each once, those of each in order', async () => {
    const { exitCode, output, ledger } = await runPipeEnds({
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
    const { exitCode, output, ledger } = await runPipeEnds({
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
found = []
while not channels(): found.append(link.recv())
note(subprocess.run([os.environ['NODE'], os.environ['MPCTL'], 'ps', '--queues'], stdout=subprocess.PIPE).returncode)
note(subprocess.run([os.environ['NODE'], os.environ['MPCTL'], 'why', 'link'], stdout=subprocess.PIPE).returncode)
again.set()
found += receive_all()
note(found == list(range(3, 3 + len(found))))
note(link.poll(0))
`,
      other: `note(link.recv())`,
    });
    expect({ exitCode, output, ledger }).toMatchObject({ exitCode: 0, ledger: ['True', '0', '[True, 1]', '2', '0', '0', 'True', 'True'] });
  });

  it('come after what was put before them', async () => {
    const { exitCode, output, ledger } = await runPipeEnds({
      sender: `
work = mpctl.Queue('work')
number = until_direct()
for item in range(200):
    for part in range(8): work.put([item, 'x' * 15_000])
    link.send(['put', item])
note(sent() > 2000)
link.close()
`,
      receiver: `
work = mpctl.Queue('work')
try:
    while True:
        item = link.recv()
        if type(item) is list: assert [work.get_nowait()[0] for _ in range(8)] == [item[1]] * 8
except EOFError: note('end')
`,
    });
    expect({ exitCode, output, ledger: ledger.toSorted() }).toMatchObject({ exitCode: 0, ledger: ['True', 'end'] });
  });
});
