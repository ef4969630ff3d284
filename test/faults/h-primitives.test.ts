import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../rig/temp-folder.ts';
import { untilTrue, withinLoad } from './harness/deadline.ts';
import { type FaultRun, startRun } from './harness/fault-run.ts';
import { expectEnd } from './harness/oracles.ts';
import { zoo } from './harness/zoo.ts';

const failure = { status: { exitCode: 1 }, withinMs: 2000, outcome: 'failure' } as const;

/** A process of a spec that runs a program in Python. */
function python(name: string, text: string, keys = ''): string {
  return `  ${name}: { command: [python3, -u, -c, ${JSON.stringify(`import mpctl, os, subprocess, sys, time\n${text}`)}]${keys} }\n`;
}

/** From the end of one instance to a line of another, in ms of mpctl's clock. */
async function afterEndMs(run: FaultRun, ended: string, line: string): Promise<number> {
  // What it held may be passed on before its end is told.
  const end = await run.event('instance.ended', ({ instance }) => instance === ended);
  const said = await run.event('output', (event) => event.line.startsWith(line));
  return said.at - end.at;
}

/** What makes a folder of that mode and owner. */
function makePlace(mode: number, owner: number) {
  return (place: string): void => {
    mkdirSync(place);
    chmodSync(place, mode);
    chownSync(place, owner, owner);
  };
}

const sets = ', uses: { held: set }';
const heir = `
mpctl.Event('held').wait()
file = mpctl.Lock('file')
file.acquire()
print('heir has', file.token, file.owner_died)
`;

describe('H: primitives, when', () => {
  it('row 73: the holder of a lock is killed', async () => {
    const run = await startRun(
      `on_failure: continue\nlocks: { file: }\nevents: { held: }\nprocesses:\n${python('holder', `
file = mpctl.Lock('file')
file.acquire()
mpctl.Event('held').set()
while file._look()['waiting'] != 1: time.sleep(0.005)
print('holder', os.getpid(), file.token)
time.sleep(300)`, sets)}${python('heir', heir)}`,
    );
    const [, pid, token] = await run.line(/holder (\d+) (\d+)"/u);
    await run.namespace.signal(Number(pid), 'SIGKILL');
    const [, next, died] = await run.line(/heir has (\d+) (\w+)"/u);
    expect(died).toBe('True');
    expect(Number(next)).toBeGreaterThan(Number(token));
    expect(await afterEndMs(run, 'holder', 'heir has')).toBeLessThan(withinLoad(100));
    await expectEnd(run, failure);
  });

  it('row 74: the holder of a lock is killed, and its grandchild has the socket still', async () => {
    const run = await startRun(
      `on_failure: continue\nlocks: { file: }\nevents: { held: }\nprocesses:\n${python('holder', `
file = mpctl.Lock('file')
file.acquire()
for name in os.listdir('/proc/self/fd'):
    try: os.set_inheritable(int(name), True)
    except OSError: pass
heir = subprocess.Popen(['setsid', 'sleep', '300'], close_fds=False)
mpctl.Event('held').set()
while file._look()['waiting'] != 1: time.sleep(0.005)
print('holder', os.getpid(), heir.pid)
time.sleep(300)`, sets)}${python('heir', `${heir}while not os.path.exists('seen'): time.sleep(0.005)`)}`,
    );
    const [, pid, grandchild] = await run.line(/holder (\d+) (\d+)"/u);
    await untilTrue(() => run.namespace.processes.see(Number(grandchild))?.command === 'sleep 300', 'the grandchild');
    expect([...run.namespace.processes.descriptors(Number(grandchild)).values()].some((name) => name.startsWith('socket:'))).toBe(true);
    await run.namespace.signal(Number(pid), 'SIGKILL');
    await run.line(/heir has/u);
    expect(run.namespace.processes.isAlive(Number(grandchild))).toBe(true);
    await run.event('instance.ended', ({ instance }) => instance === 'holder');
    writeFileSync(run.inside('seen'), '');
    expect(await afterEndMs(run, 'holder', 'heir has')).toBeLessThan(withinLoad(100));
    await expectEnd(run, failure);
  });

  it('row 75: somebody is killed who waits for a lock', async () => {
    const waiter = (name: string): string => `file = mpctl.Lock('file')\nprint('${name}', os.getpid())\nfile.acquire()\nprint('${name} has it')`;
    const run = await startRun(
      `on_failure: continue\nlocks: { file: }\nevents: { held: , one: }\nprocesses:\n${python('holder', `
file = mpctl.Lock('file')
file.acquire()
mpctl.Event('held').set()
for count, then in ((1, mpctl.Event('one').set), (2, lambda: print('two wait')), (1, file.release)):
    while file._look()['waiting'] != count: time.sleep(0.005)
    then()`, ', uses: { held: set, one: set }')}${python('first', waiter('first'), ', wait_for: [held]')}${python('second', waiter('second'), ', wait_for: [one]')}`,
    );
    const [, first] = await run.line(/first (\d+)"/u);
    await run.line(/two wait/u);
    await run.namespace.signal(Number(first), 'SIGKILL');
    await run.line(/second has it/u);
    await expectEnd(run, failure);
    expect(run.output('stdout')).not.toContain('first has it');
  });

  it('row 76: a party of a barrier is killed', async () => {
    const party = `
print('party', os.getpid())
try:
    mpctl.Barrier('start').wait()
    print('passed')
except mpctl.BrokenBarrierError:
    print('broken')
`;
    const run = await startRun(
      `on_failure: continue\nbarriers: { start: { parties: 3 } }\nprocesses:\n${['a', 'b'].map((name) => python(name, party, ', uses: { start: wait }')).join('')}${python('dying', `while mpctl.Barrier('start').n_waiting != 2: time.sleep(0.005)\nprint('dying', os.getpid())\ntime.sleep(300)`, ', uses: { start: wait }')}`,
    );
    const [, dying] = await run.line(/dying (\d+)"/u);
    await run.namespace.signal(Number(dying), 'SIGKILL');
    await expectEnd(run, failure);
    expect(run.eventsOf('output').filter(({ line }) => line === 'broken')).toHaveLength(2);
    expect(run.output('stdout')).not.toContain('passed');
  });

  /* What `leave` leaves behind has left its group, so that it outlives its attempt. */
  const parts = `
import mpctl, os, subprocess, sys, time

def until(name):
    while not os.path.exists(name): time.sleep(0.005)

def leave():
    subprocess.Popen([sys.executable, '-c', 'import parts; parts.act()'], start_new_session=True, stdout=subprocess.DEVNULL)
    until('there')

def act():
    n = mpctl.Value('n')
    n.value
    open('there', 'w').close()
    until('go')
    told = [attempt(lambda: mpctl.Lock('file').release()), attempt(lambda: n.value), anew()]
    open('told.new', 'w').write(' '.join(told))
    os.rename('told.new', 'told')
    time.sleep(300)

def attempt(act):
    try: return str(act())
    except Exception as error: return type(error).__name__

def anew():
    if os.fork() == 0:
        open('anew', 'w').write(attempt(lambda: mpctl.Lock('file').release()))
        os._exit(0)
    os.wait()
    return open('anew').read()

def keep():
    file = mpctl.Lock('file')
    file.acquire()
    open('go', 'w').close()
    until('told')
    file.release()
    print('told', open('told').read(), file=sys.stderr)

def work(item):
    leave() if item == 'a' else keep()
`;
  const fails = `
import parts
if os.environ['MPCTL_ATTEMPT'] == '1':
    parts.leave()
    sys.exit(1)
parts.keep()`;

  it.each([
    ['of an earlier attempt', `processes:\n${python('worker', fails, ', restart: on_failure, backoff: { initial: 20ms }')}`],
    ['of an earlier attempt of a task', `pools:\n${python('pool', fails, ', workers: 1, tasks: [a], retry: { attempts: 2, backoff: { initial: 20ms } }')}`],
    ['of an earlier task of its slot', `pools:\n${python('pool', "import parts\nparts.work(os.environ['MPCTL_ITEM'])", ', workers: 1, tasks: [a, b]')}`],
    ['of an earlier worker of its slot', "pools:\n  pool: { workers: 1, tasks: [a, b], max_tasks_per_worker: 1, worker: [python3, -c, 'import mpctl, parts; mpctl.serve(parts.work)'] }"],
  ])('row 77: something %s wants to release what is held now', async (_, workers) => {
    const run = await startRun(`locks: { file: }\nvalues: { n: 1 }\n${workers}`, { files: { 'parts.py': parts } });
    const [, told] = await run.line(/told (.*?)"/u);
    // On its old connection it is told why; it gets no other one.
    expect(told).toBe('Ended Ended AuthenticationError');
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 2000, outcome: 'success' });
    const refusals = run.eventsOf('warning').filter(({ code }) => code === 'MP824');
    expect(refusals.map(({ message }) => message)).toEqual(['a client of the socket was refused: its key is wrong, of another run, or of an attempt that has ended']);
  });

  it.each([
    ['is a link', 'is a link', (place: string) => symlinkSync(tempFolder(), place)],
    ['is another user’s', 'belongs to another user', makePlace(0o700, 12_345)],
    ['is open to everybody', 'is open to other users', makePlace(0o777, process.getuid?.() ?? 0)],
  ])('row 81: the folder for the socket %s', async (_, reason, spoil) => {
    const base = tempFolder();
    const place = path.join(base, `mpctl-${String(process.getuid?.())}`);
    spoil(place);
    // Too long for a socket in the folder of the run.
    const cwd = path.join(tempFolder(), 'long'.repeat(20));
    mkdirSync(cwd);
    writeFileSync(path.join(cwd, 'mpctl.yaml'), `processes:\n${python('asking', "print('socket', os.environ.get('MPCTL_SOCKET', 'none'))")}`);
    const run = await startRun('', { cwd, env: { XDG_RUNTIME_DIR: base, TMPDIR: base } });
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 2000, outcome: 'success' });
    expect(run.eventsOf('warning')).toMatchObject([{ code: 'MP825', message: expect.stringContaining(`\`${place}\` ${reason}`) as unknown }]);
    expect(run.output('stdout')).toContain('socket none');
    expect(readdirSync(place)).toEqual([]);
  });

  it('row 82: three thousand clients connect while mpctl does nothing for 700 ms', async () => {
    const run = await startRun(
      `values: { n: 0 }\nprocesses:\n${python('crowd', `
import resource, socket
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
print('crowd')
while not os.path.exists('go'): time.sleep(0.005)
body = b'{"name":"n"}'
head = 'POST /v1/value/add HTTP/1.1\\r\\nHost: m\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\nAuthorization: Bearer %s\\r\\n\\r\\n' % (len(body), os.environ['MPCTL_AUTHKEY'])
clients = []
for _ in range(3000):
    client = socket.socket(socket.AF_UNIX)
    client.setblocking(False)
    client.connect(os.environ['MPCTL_SOCKET'])
    client.setblocking(True)
    clients.append(client)
    client.sendall(head.encode() + body)
print('connected')
answers = [client.recv(65536) for client in clients]
print('served', sum(answer.startswith(b'HTTP/1.1 200') for answer in answers), mpctl.Value('n').value)`)}`,
      { nodeFlags: ['--require', zoo('on-order.cjs')], env: { FAULT: 'blocked loop', FAULT_MS: '700' } },
    );
    await run.line(/crowd"/u);
    await run.signal('SIGUSR2');
    await untilTrue(() => run.output('stderr').includes('blocked'), 'the blocked loop');
    await run.namespace.start({ argv: ['touch', 'go'], cwd: run.cwd, env: { PATH: process.env['PATH'] ?? '' } });
    await expectEnd(run, { status: { exitCode: 0 }, withinMs: 5000, outcome: 'success' });
    expect(run.output('stdout')).toContain('served 3000 3000');
  });
});
