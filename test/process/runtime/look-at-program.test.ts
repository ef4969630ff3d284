import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SeenProcess, SeenWaiter } from '../../../src/engine/seen-program.ts';
import { ProgramLook } from '../../../src/runtime/processes/look-at-program.ts';
import { type ProcessEntry, readCommandLine, readProcess, signalProcess } from '../../../src/runtime/processes/process-table.ts';
import type { ProgramPipes } from '../../../src/runtime/processes/program-pipes.ts';
import { SocketPeers } from '../../../src/runtime/processes/socket-peers.ts';
import { tempFolder } from '../../rig/temp-folder.ts';
import { afterTest, requestFor, shellRequest, until, watchWorker } from './worker-harness.ts';

let runs = 0;
const peers = new SocketPeers();

interface Looking {
  readonly pid: number;
  readonly look: (waiters?: readonly SeenWaiter[]) => readonly SeenProcess[];
  /** The same where it is known which pipes mpctl has the other end of. */
  readonly lookAtPipes: () => readonly SeenProcess[];
  readonly pipes: () => ProgramPipes;
  readonly pause: () => void;
  /** The same where its first process hears the run in an event loop. */
  readonly lookAtLoop: () => readonly SeenProcess[];
  readonly lookAtLoopAndPipes: () => readonly SeenProcess[];
  readonly write: (text: string) => void;
}

async function start(argv: readonly string[]): Promise<Looking> {
  runs += 1;
  const runId = `run-${process.pid}-${runs}`;
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', MPCTL_RUN_ID: runId, MPCTL_PROCESS: 'worker' };
  const worker = watchWorker(requestFor(argv, { env, stdin: { type: 'lines' } }));
  const pid = await worker.started;
  const looked = { leader: pid, instance: 'worker', runId, clientFolder: '/nowhere', pipes: { input: null, outputs: [] }, joined: [], waiters: [], loops: [] };
  const look = (waiters: readonly SeenWaiter[] = []): readonly SeenProcess[] => new ProgramLook(peers).at({ ...looked, waiters });
  const lookAtPipes = (): readonly SeenProcess[] => new ProgramLook(peers).at({ ...looked, pipes: worker.handle.pipes() });
  // What has left the group is not ended with it.
  afterTest(() => {
    for (const left of look()) signalProcess(left.pid, 'SIGKILL');
  });
  return {
    pid,
    look,
    lookAtPipes,
    pipes: () => worker.handle.pipes(),
    pause: () => worker.handle.pauseOutput(),
    lookAtLoop: () => new ProgramLook(peers).at({ ...looked, loops: [{ pid, isSaid: true }] }),
    lookAtLoopAndPipes: () => new ProgramLook(peers).at({ ...looked, pipes: worker.handle.pipes(), loops: [{ pid, isSaid: true }] }),
    write: (text) => {
      worker.handle.writeLine(text);
    },
  };
}

/** What the threads are at, process by process, with the leader first. */
function threadsOf(seen: readonly SeenProcess[]): readonly string[] {
  return seen.map(({ threads }) => ['own', 'answer', 'input', 'output', 'joined_input', 'joined_output', 'other'].flatMap((wait) => (threads ?? []).filter((one) => one === wait)).join(' '));
}

const python = (script: string): readonly string[] => ['python3', '-c', `import asyncio, ctypes, os, select, signal, socket, sys, time\n${script}`];
const shell = (script: string): readonly string[] => ['/bin/sh', '-c', script];

describe('what threads are at', () => {
  // Each waits until the processes have come to where they stay; what they are at then is what is asked.
  test.each([
    ['a shell waits for its child, which sleeps', shell('sleep 60; true'), ['own', 'other']],
    ['a shell waits for what runs behind it', shell('sleep 60 & wait'), ['own', 'other']],
    ['a shell waits for what its child writes', shell('x=$(sleep 60)'), ['own', 'other']],
    ['a shell reads what comes from outside', shell('read x'), ['other']],
    ['a shell that is to be told something waits for it', shell('trap "true" USR1; sleep 60 & wait'), ['own other', 'other']],
    ['what gives its child a limit of time does not wait for it alone', ['timeout', '60', 'sleep', '60'], ['other', 'other']],
  ])('%s', async (_, argv, expected) => {
    const { look } = await start(argv);
    await until(() => threadsOf(look()).join() === expected.join(), `they are at ${expected.join()}`);
  });

  test('what has left the group and its parent is seen all the same', async () => {
    const { look, pid } = await start(shell('(setsid sleep 60 &); exec sleep 60'));
    const hasLeft = (entry: ProcessEntry | null): boolean => entry !== null && entry.group !== pid && entry.parentPid !== pid;
    await until(() => look().length === 2 && look().some((seen) => hasLeft(readProcess(seen.pid))), 'one of them has left');
  });

  test.each([
    ['a thread that joins another waits for it alone', 'import threading, socket\na, b = socket.socketpair()\nt = threading.Thread(target=lambda: a.recv(1)); t.start(); t.join()', 'own answer'],
    ['with a limit it does not', 'import threading, socket\na, b = socket.socketpair()\nt = threading.Thread(target=lambda: a.recv(1)); t.start(); t.join(60)', 'answer other'],
    ['nor does a program that catches its alarm', 'import signal, socket\nsignal.signal(signal.SIGALRM, print)\na, b = socket.socketpair()\na.recv(1)', 'answer other'],
  ])('in Python %s', async (_, script, expected) => {
    const { look } = await start(['python3', '-c', script]);
    await until(() => threadsOf(look()).join() === expected, `it is at ${expected}`);
  });

  test('a process has the same mark as long as it has not run, and then another', async () => {
    const { look, write } = await start(shell('x=$(read y); sleep 60; true'));
    let [before] = look();
    // It may be seen on its way from one wait to the next.
    await until(() => {
      const now = look();
      const isAsleep = threadsOf(now).join() === 'own,other' && now[0]?.mark === before?.mark;
      [before] = now;
      return isAsleep;
    }, 'the shell waits for its child');
    expect(look()[0]).toEqual(before);
    write('x');
    await until(() => look()[0]?.mark !== before?.mark, 'the shell has run');
  });

  test('what runs a command for which it holds a lock waits for it, though it is an interpreter', async () => {
    const script = 'const { spawn } = require("child_process"); spawn("sleep", ["60"], { env: { ...process.env, MPCTL_HOLDER_PID: String(process.pid) } })';
    const { look } = await start([process.execPath, '-e', script]);
    await until(() => threadsOf(look()).join() === 'own,other', 'its command runs');
  });
});

describe('what programs are at that mpctl feeds and reads', () => {
  /** Where they stay: on the way there they are at something else. */
  const comeToRest = async ({ lookAtPipes }: Looking, expected: readonly string[]): Promise<void> => {
    let before = lookAtPipes();
    await until(() => {
      const now = lookAtPipes();
      const isAsleep = JSON.stringify(now) === JSON.stringify(before) && now.every(({ pid }) => readProcess(pid)?.state === 'S');
      before = now;
      return isAsleep && threadsOf(now).toSorted().join() === expected.toSorted().join();
    }, `they are at ${expected.join()}`);
  };

  test.each([
    ['what reads its input waits for it', ['cat'], ['input']],
    ['so does a shell that reads line by line', shell('while read -r x; do :; done'), ['input']],
    ['and what a shell waits for', shell('cat; true'), ['own', 'input']],
    ['also by another number', shell('exec 7<&0 0</dev/null; exec cat <&7'), ['input']],
    ['what reads something else does not', shell('exec sleep 60 | cat'), ['own', 'own', 'other']],
    ['what does something else before it reads does not', shell('sleep 60; exec cat'), ['own', 'other']],
    ['with a limit of time it does not', ['python3', '-c', 'import select; select.select([0], [], [], 60)'], ['other']],
    ['what waits by select does without one', ['python3', '-c', 'import select; select.select([0], [], [])'], ['input']],
    ['what waits for any of several that it alone has open does', ['python3', '-c', 'import os, select; select.select([os.pipe()[0], 0], [], [0])'], ['own input']],
    ['what waits by poll does', python('p = select.poll(); p.register(0); p.poll()'), ['input']],
    ['what waits by poll with a limit does not', python('p = select.poll(); p.register(0); p.poll(6e4)'), ['other']],
    ['what waits by epoll does', python('p = select.epoll(); p.register(0, select.EPOLLIN); p.poll()'), ['input']],
    ['what is told by epoll of what comes only may have left something', python('p = select.epoll(); p.register(0, select.EPOLLIN | select.EPOLLET); p.poll()'), ['other']],
    ['what hears of it only that it ends may have left something', python('p = select.poll(); p.register(0, 0); p.poll()'), ['other']],
    ['what only hears that nobody reads its output any more waits for nothing else', python('p = select.poll(); p.register(1, 0); p.register(0, select.POLLIN); p.poll()'), ['own input']],
    ['what is to hear of input by a signal counts as something else', python('signal.signal(signal.SIGIO, print); sys.stdin.read()'), ['input other']],
    ['what waits for a server as well does not wait for it alone', python('s = socket.create_server(("127.0.0.1", 0)); select.select([0, s], [], [])'), ['input other']],
    ['what waits for a clock as well does not wait for it alone', python('t = ctypes.CDLL(None).timerfd_create(1, 0); select.select([0, t], [], [])'), ['input other']],
    ['what another one counts up as well does not wait for it alone', python('c = ctypes.CDLL(None).eventfd(0, 0); select.select([0, c], [], [])'), ['input other']],
    ['what waits for nothing but a signal does not', python('select.select([], [], [])'), ['other']],
    ['a loop of asyncio does', python('async def main():\n  reader = asyncio.StreamReader()\n  await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)\n  await reader.read()\nasyncio.run(main())'), ['own input']],
    ['a loop of asyncio with a limit does not', python('async def main():\n  reader = asyncio.StreamReader()\n  await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)\n  await asyncio.wait_for(reader.read(), 60)\nasyncio.run(main())'), ['other']],
  ])('%s', async (_, argv, expected) => {
    await comeToRest(await start(argv), expected);
  });

  test('what waits for a socket as well of which another program has the other end does not wait for it alone', async () => {
    const path = join(tempFolder({}), 'socket');
    const server = createServer().listen(path);
    afterTest(() => {
      server.close();
    });
    await once(server, 'listening');
    // Nobody but the system knows who has the other end, and it is asked once for all sockets there are.
    const argv = python(`s = socket.socket(socket.AF_UNIX)\ns.connect(${JSON.stringify(path)})\na, b = socket.socketpair()\nselect.select([0, a, s], [], [])`);
    await comeToRest(await start(argv), ['own input other']);
  });

  test('Node, which always hears a signal of its debugger, cannot be told from a program that is to be told something', async () => {
    const { lookAtPipes } = await start([process.execPath, '-e', 'process.stdin.resume()']);
    const threads = (): readonly string[] => lookAtPipes().flatMap((one) => one.threads ?? []);
    await until(() => threads().includes('input') && threads().filter((one) => one === 'other').length === 1, 'it hears its input');
  });

  test.each([
    ['select', 'select.select([], [1], [])'],
    ['poll', 'p = select.poll(); p.register(1, select.POLLOUT); p.poll()'],
  ])('what waits by %s for room in its full pipe does so', async (_, waitForRoom) => {
    const fill = 'os.set_blocking(1, False)\ntry:\n  while True: os.write(1, b"x" * 4096)\nexcept BlockingIOError: pass\n';
    const looking = await start(python(`sys.stdin.readline()\n${fill}${waitForRoom}`));
    looking.pause();
    looking.write('go');
    await comeToRest(looking, ['output']);
  });

  test('what writes more than its pipe takes waits for it to be read', async () => {
    const { lookAtPipes, pause } = await start(['yes']);
    pause();
    await until(() => threadsOf(lookAtPipes()).join() === 'output', 'it blocks');
  });

  test('of what is stopped it is not known what has come for it meanwhile', async () => {
    const { lookAtPipes, pid } = await start(['cat']);
    await until(() => threadsOf(lookAtPipes()).join() === 'input', 'it reads');
    signalProcess(pid, 'SIGSTOP');
    await until(() => threadsOf(lookAtPipes()).join() === 'other', 'it is stopped');
  });

  test('a pipe that has not taken all that was written is none that is waited at', async () => {
    const { lookAtPipes, pipes, write } = await start(shell('read -r x; exec sleep 60'));
    await until(() => threadsOf(lookAtPipes()).join() === 'input', 'it reads');
    write('x'.repeat(1e6));
    expect(pipes().input).toBe(null);
  });
});

describe('what an event loop hears', () => {
  /** A program with a connection, of which it has both ends, and something else; then it calls itself `there`. */
  const program = (more: string): readonly string[] => [
    process.execPath,
    '-e',
    `const net = require('net'); const server = net.createServer((other) => { server.close(); other.resume(); ${more}; process.title = 'there'; }).listen('\\0loop-' + process.pid, () => net.connect('\\0loop-' + process.pid).resume());`,
  ];
  const isThere = (pid: number): boolean => readCommandLine(pid) === 'there' && readProcess(pid)?.state === 'S';
  /** How many sockets; or that there is something else. */
  const heardBy = (seen: readonly SeenProcess[]): number | 'other' => {
    const threads = seen.flatMap((one) => one.threads ?? []);
    return threads.includes('other') ? 'other' : threads.filter((thread) => thread === 'answer').length;
  };

  test.each([
    ['nothing else', '', 2],
    ['a socket more, which does not keep it alive', "net.createServer().listen('\\0more-' + process.pid).unref()", 3],
    ['a timer, which does not keep it alive', 'setInterval(() => {}, 1e6).unref()', 'other'],
    ['what another program may write to its input', 'process.stdin.resume()', 'other'],
    ['the folders of the system', "require('fs').watch('/')", 'other'],
    ['a signal', "process.on('SIGUSR2', () => {})", 'other'],
    ['a file in another thread', "require('fs').readFile('/proc/self/fd/0', () => {})", 'other'],
    ['a worker that sleeps as well', "new (require('worker_threads').Worker)('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', { eval: true })", 2],
    ['what another thread may tell it after a time', 'Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e6)', 'other'],
  ])('is seen where it is %s', async (_, more, expected) => {
    const { lookAtLoop, pid } = await start(program(more));
    await until(() => isThere(pid), 'it sleeps');
    let before = lookAtLoop();
    // Its other threads may still be on their way.
    await until(() => {
      const now = lookAtLoop();
      const isAsleep = now[0]?.mark === before[0]?.mark && heardBy(now) === expected;
      before = now;
      return isAsleep;
    }, `it hears ${expected}`);
  });

  test('is its input as well, where that is what mpctl feeds', async () => {
    const { lookAtLoopAndPipes, pid } = await start(program('process.stdin.resume()'));
    const threads = (): readonly string[] => lookAtLoopAndPipes().flatMap((one) => one.threads ?? []);
    await until(() => isThere(pid) && threads().includes('input') && heardBy(lookAtLoopAndPipes()) === 2, 'it hears its input');
  });

  test('is not known of one that is stopped', async () => {
    const { lookAtLoop, pid } = await start(program(''));
    await until(() => isThere(pid) && heardBy(lookAtLoop()) === 2, 'it sleeps');
    signalProcess(pid, 'SIGSTOP');
    await until(() => heardBy(lookAtLoop()) === 'other', 'it is stopped');
  });

  test('is not asked of a program that has not said that it has one', async () => {
    const { look, lookAtLoop, pid } = await start(program(''));
    await until(() => isThere(pid) && heardBy(lookAtLoop()) === 2, 'it sleeps');
    expect(heardBy(look())).toBe('other');
  });
});

test('of a process that says that all of it waits nothing else is asked', async () => {
  const { look, pid } = await start(shell('exec sleep 60'));
  const [seen] = look([{ call: 1, pid, thread: '', threads: null }]);
  expect(seen).toMatchObject({ pid, threads: null });
});

test('nothing is seen of what has ended', async () => {
  const worker = watchWorker(shellRequest('exit 0'));
  const leader = await worker.started;
  await worker.exited;
  expect(new ProgramLook(peers).at({ leader, instance: 'nobody', runId: 'none', clientFolder: '/nowhere', pipes: { input: null, outputs: [] }, joined: [], waiters: [], loops: [] })).toEqual([]);
});
