import { describe, expect, it } from 'vitest';
import path from 'node:path';
import { pythonEnvironment } from '../rig/python-environment.ts';
import { type CliResult, runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** Programs that wait for their input or for room in their output in other ways than to read and to write. */
const scripts = {
  'poll.py': 'import select\np = select.poll()\np.register(0, select.POLLIN)\np.poll()\n',
  'loop.py': `import asyncio, sys
async def main(limit):
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try: await asyncio.wait_for(reader.read(), limit)
    except asyncio.TimeoutError: pass
asyncio.run(main(float(sys.argv[1]) if sys.argv[1:] else None))
`,
  'limit.py': 'import select\nselect.select([0], [], [], 0.7)\n',
  'room.py': 'import os, select\nos.set_blocking(1, False)\nwhile True:\n    select.select([], [1], [])\n    os.write(1, b"x\\n" * 512)\n',
  'server.py': `import os, select, socket, time
server = socket.create_server(('127.0.0.1', 0))
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(0.7)
        socket.create_connection(server.getsockname())
    os._exit(0)
os.wait()
select.select([0, server], [], [])
`,
};

/** Two of which one has the only slot, and the other is needed by it. */
const inOneSlot = (queue: string, first: string, second: string): Promise<CliResult> => {
  const cwd = tempFolder({ ...scripts, 'mpctl.yaml': `max_parallel: 1\nqueues: { q: ${queue} }\nprocesses:\n  first: ${first}\n  second: ${second}\n` });
  return runCli(['run'], { cwd, program });
};

describe('programs that mpctl feeds and reads', () => {
  const fed = (command: string): string => `{ command: ${command}, stdin: { queue: q } }`;
  const read = (command: string): string => `{ command: ${command}, stdout: { queue: q } }`;

  it.each([
    ['what waits for its input', '', fed('cat'), read('[seq, "3"]')],
    ['what does something else before that', '', fed('sleep 0.7; cat'), read('[seq, "3"]')],
    ['a shell behind that', '', fed('while read -r x; do echo "$x"; done'), read('[seq, "3"]')],
    ['what waits for it by poll', '', fed('[python3, poll.py]'), read('[seq, "3"]')],
    ['a loop of asyncio', '', fed('[python3, loop.py]'), read('[seq, "3"]')],
    ['what waits for room for its output', '{ capacity: 1 }', read('"yes"'), fed('cat')],
    ['what waits for it by select', '{ capacity: 1 }', read('[python3, room.py]'), fed('cat')],
  ])('end the run with 5 where %s has the slot of the other', async (_, queue, first, second) => {
    const { exitCode, stderr } = await inOneSlot(queue, first, second);
    expect(stderr).toContain('stopping the run: deadlock: `first` → `second`');
    expect(exitCode).toBe(5);
  });

  it.each([
    ['does not read for a while', fed('[sleep, "0.7"]')],
    ['reads with a limit of time', fed('timeout 0.7 cat || true')],
    ['waits for it by select with a limit', fed('[python3, limit.py]')],
    ['waits in a loop of asyncio with a limit', fed('[python3, loop.py, "0.7"]')],
    ['waits for a server as well, to which something comes', fed('[python3, server.py]')],
    ['reads while something else of it goes on', fed('exec 3<&0; cat <&3 & sleep 0.7; kill $!')],
  ])('go on, and nothing is told, where one %s', async (_, first) => {
    const { exitCode, stderr } = await inOneSlot('', first, read('[seq, "3"]'));
    expect(stderr).not.toContain('deadlock');
    expect(stderr).toMatch(/`second` started/u);
    expect(exitCode).not.toBe(5);
  });

  it('are at the end of their queue where all of them wait for its next item', async () => {
    const cwd = tempFolder({
      'mpctl.yaml': 'queues: { q: { items: [a, b] } }\nprocesses: { turn: { command: [sed, -n, -u, "s/^a$/b/p"], stdin: { queue: q }, stdout: { queue: q } } }\n',
    });
    expect(await runCli(['run'], { cwd, program })).toMatchObject({ exitCode: 0 });
  });
});

/** Two programs that are joined, of which the first one has a lock and the second one uses an event. */
const joined = (pipe: string, first: string, second: string, files: Readonly<Record<string, string>> = {}): Promise<CliResult> => {
  const spec = `locks: { file: }\nevents: { go: }\npipes: { link: { ${pipe}, via: stdio } }\nprocesses:\n  first: { command: ${first}, with: file }\n  second: { command: ${second}, uses: { go: set } }\n`;
  const cwd = tempFolder({ ...files, 'mpctl.yaml': spec });
  return runCli(['run'], { cwd, program, environment: { PATH: process.env['PATH'] ?? '', ...pythonEnvironment } });
};
const lock = { 'lock.py': 'import mpctl, sys\nwith mpctl.Lock("file"): sys.stdin.read()\n' };
const event = { 'wait.py': 'import mpctl\nmpctl.Event("go").wait()\nprint("x")\n', 'set.py': 'import mpctl\ninput()\nmpctl.Event("go").set()\n' };

describe('programs that a pipe of the system joins', () => {
  it.each([
    ['both read what the other one is to write', ['between: [first, second]', 'cat', '"cat; true"'], {}, ['what comes through pipe `link`, written by `second`', 'what comes through pipe `link`, written by `first`']],
    ['one waits for room, and the other one for its lock', ['from: first, to: second', '"yes"', '[python3, lock.py]'], lock, ['room in pipe `link`, read by `second`', 'lock `file`, held by `first`']],
    ['one waits for an event, and the other one to read before it sets it', ['from: first, to: second', '[python3, wait.py]', '[python3, set.py]'], event, ['event `go`, can be set by `second`', 'what comes through pipe `link`, written by `first`']],
  ] as const)('end the run with 5 where %s', async (_, [pipe, first, second], files, [firstWait, secondWait]) => {
    const { exitCode, stderr } = await joined(pipe, first, second, files);
    expect(stderr).toContain('stopping the run: deadlock: `first` → `second`');
    expect(stderr).toMatch(new RegExp(`\`first\`.* waits for ${firstWait} `, 'u'));
    expect(stderr).toMatch(new RegExp(`\`second\`.* waits for ${secondWait} `, 'u'));
    expect(exitCode).toBe(5);
  });

  it('end it with 5 where three of them pass on to each other in a ring what none of them begins', async () => {
    const spec = `pipes: { ab: { from: a, to: b, via: stdio }, bc: { from: b, to: c, via: stdio }, ca: { from: c, to: a, via: stdio } }
processes: { a: { command: cat }, b: { command: cat }, c: { command: cat } }
`;
    const { exitCode, stderr } = await runCli(['run'], { cwd: tempFolder({ 'mpctl.yaml': spec }), program });
    expect(stderr).toContain('deadlock: `a` → `c` → `b`');
    expect(exitCode).toBe(5);
  });

  // What sleeps here stands for what computes, for longer than several looks at it take.
  it.each([
    ['writes after a while', 'between: [first, second]', '"sleep 0.7; echo x; head -n 1"', '"read -r x; sleep 0.7; echo $x"', {}],
    ['is followed by what it has left behind, which has its pipe', 'from: first, to: second', "'(exec setsid env -i sleep 0.7) & exec cat < /dev/null'", 'cat', {}],
    ['talks with the other one a thousand times', 'between: [first, second]', '[python3, -u, ask.py]', '[python3, -u, answer.py]', {
      'ask.py': 'import time\nfor n in range(1000):\n    print(n)\n    assert input() == str(n)\n    time.sleep(0.001)\n',
      'answer.py': 'import sys\nfor line in sys.stdin: print(line, end="")\n',
    }],
  ])('go on, and nothing is told, where one %s', async (_, pipe, first, second, files) => {
    const { exitCode, stderr } = await joined(pipe, first, second, files);
    expect(stderr).not.toContain('deadlock');
    expect(exitCode).toBe(0);
  });
});

describe('commands in the slots of a pool', () => {
  /** The second one waits for the only slot as soon as the pool has it. */
  const inPool = (queue: string, pool: string, second: string): Promise<CliResult> => {
    const spec = `max_parallel: 1\nqueues: { q: ${queue} }\npools:\n  first: { workers: 1, tasks: [a], ${pool} }\nprocesses:\n  second: { ${second}, depends_on: { first: { condition: start } } }\n`;
    return runCli(['run'], { cwd: tempFolder({ 'mpctl.yaml': spec }), program });
  };
  const cat = 'command: cat, stdin: { queue: q }';

  it.each([
    ['wait for their input', '', cat, 'command: [seq, "3"], stdout: { queue: q }'],
    ['wait for room for their output', '{ capacity: 1 }', 'command: "yes", stdout: { queue: q }', cat],
    ['are no scripts, and wait for room for their output', '{ capacity: 1 }', 'command: ["yes"], stdout: { queue: q }', cat],
  ])('end the run with 5 where they %s that has to wait for them', async (_, queue, pool, second) => {
    const { exitCode, stderr } = await inPool(queue, pool, second);
    expect(stderr).toContain('stopping the run: deadlock: `second` → `first`');
    expect(exitCode).toBe(5);
  });

  it('go on, and nothing is told, where one stops writing by itself', async () => {
    const { exitCode, stderr } = await inPool('{ capacity: 1 }', 'command: "yes | head -n 9000; sleep 0.7", stdout: { queue: q }', cat);
    expect(stderr).not.toContain('deadlock');
    expect(exitCode).toBe(0);
  });
});
