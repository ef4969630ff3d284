import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/engine/run-event.ts';
import { listProcesses, readCommandLine } from '../../src/runtime/processes/process-table.ts';
import { type CliRun, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** As programs that know systemd do it; each line of `say` is a message, and `wait` waits for a file. */
const speaker = `
import os, socket, sys, time
def notify(text, address=os.environ.get('NOTIFY_SOCKET', '')):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as speaker:
        speaker.connect('\\0' + address[1:] if address[0] == '@' else address)
        speaker.sendall(text.encode())
def wait(name):
    while not os.path.exists(name):
        time.sleep(0.01)
attempt = os.environ['MPCTL_ATTEMPT']
`;

const server = (keys = ''): string => `
daemons:
  server:
    command: [python3, server.py]
    readiness_probe: { notify: true }
    ${keys}
processes:
  client: { command: echo the client runs, depends_on: [server] }
`;

async function start(spec: string, script: string, environment: Readonly<Record<string, string>> = {}): Promise<{ run: CliRun; cwd: string }> {
  const cwd = tempFolder({ 'mpctl.yaml': spec, 'server.py': speaker + script });
  return { run: await startCli(['run', '--format', 'json'], { cwd, environment }), cwd };
}

function eventsOf<Type extends RunEvent['type']>(output: string, type: Type): readonly Extract<RunEvent, { type: Type }>[] {
  const events = output.split('\n').slice(0, -1).map((line) => JSON.parse(line) as RunEvent);
  return events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type);
}

/** A `PATH` with what runs need, but only these interpreters. */
function pathWith(...interpreters: readonly ('perl' | 'python3')[]): string {
  const folder = tempFolder();
  const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  const found = (name: string): string => (name === 'python3' ? python : execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim());
  for (const name of ['sh', 'mkfifo', 'grep', 'sed', 'sleep', 'rm', 'mv', 'date', ...interpreters]) symlinkSync(found(name), path.join(folder, name));
  return folder;
}

describe('a program says READY=1 to NOTIFY_SOCKET', () => {
  it.each(['perl', 'python3'] as const)('and its dependents start then, with %s for the socket', async (interpreter) => {
    const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
    const spec = server().replace('[python3,', `["${python}",`);
    const { run, cwd } = await start(spec, `
print('up', oct(os.stat(os.path.dirname(os.environ['NOTIFY_SOCKET'])).st_mode), flush=True)
wait('go')
notify('MAINPID=1\\nREADY=1\\nSTATUS=serving')
time.sleep(300)
`, { PATH: pathWith(interpreter) });
    await run.waitForOutput(/"line":"up 0o40700"/u);
    expect(eventsOf(run.output.stdout, 'instance.ready')).toEqual([]);
    writeFileSync(path.join(cwd, 'go'), '');
    const { stdout, exitCode } = await run.result;
    expect(exitCode).toBe(0);
    const order = stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line) as RunEvent);
    const ready = order.findIndex(({ type }) => type === 'instance.ready');
    expect(order.findIndex((event) => event.type === 'instance.started' && event.instance === 'client')).toBeGreaterThan(ready);
    expect(ready).toBeGreaterThan(0);
    expect(eventsOf(stdout, 'warning')).toEqual([]);
  });

  it('and nothing else that it says means that', async () => {
    const { run } = await start(server().replace('notify: true', 'notify: true, period: 20ms, failure_threshold: 40'), `
for text in 'STATUS=READY=1', 'XREADY=1', 'READY=0', 'READY=10', '', 'WATCHDOG=1\\nSTOPPING=1', 'x' * 65000:
    notify(text)
time.sleep(300)
`);
    const { stdout, exitCode } = await run.result;
    expect(exitCode).toBe(1);
    expect(eventsOf(stdout, 'instance.ready')).toEqual([]);
    expect(eventsOf(stdout, 'instance.ended').find(({ instance }) => instance === 'server')).toMatchObject({ reason: 'unready' });
  });

  it('and what an earlier attempt says late is not taken for the next one', async () => {
    const { run, cwd } = await start(server("restart: on_failure\n    backoff: { initial: 10ms }"), `
own = os.environ['NOTIFY_SOCKET']
if attempt == '1':
    open('first', 'w').write(own)
    sys.exit(1)
first = open('first').read()
try:
    notify('READY=1', first)
    print('taken', first != own, flush=True)
except OSError:
    print('refused', first != own, flush=True)
wait('go')
notify('READY=1')
time.sleep(300)
`);
    await run.waitForOutput(/"line":"(?:refused|taken) True"/u);
    expect(run.output.stdout).toContain('"refused True"');
    expect(eventsOf(run.output.stdout, 'instance.ready')).toEqual([]);
    writeFileSync(path.join(cwd, 'go'), '');
    const { exitCode } = await run.result;
    expect(exitCode).toBe(0);
  });

  it('in a `run` step, which has the socket of its attempt', async () => {
    const steps = 'steps: [{ run: [python3, server.py] }, { sleep: 300s }]';
    const { run } = await start(server().replace('command: [python3, server.py]', steps), "notify('READY=1')\n");
    expect((await run.result).exitCode).toBe(0);
  });

  it('and is heard also when what has the sockets was killed meanwhile', async () => {
    const { run, cwd } = await start(server(), `
print('up', flush=True)
wait('go')
while True:
    try:
        notify('READY=1')
        break
    except OSError:
        time.sleep(0.01)
time.sleep(300)
`);
    await run.waitForOutput(/"line":"up"/u);
    const helpers = (): readonly number[] =>
      listProcesses().flatMap(({ pid, parentPid, state }) => (parentPid === run.pid && state !== 'Z' && readCommandLine(pid)?.includes('SOCK_DGRAM') === true ? [pid] : []));
    const [helper] = helpers();
    expect(helper).toBeGreaterThan(0);
    process.kill(helper ?? 0, 'SIGKILL');
    await expect.poll(() => existsSync(`/proc/${String(helper)}`), { timeout: 20_000, interval: 5 }).toBe(false);
    writeFileSync(path.join(cwd, 'go'), '');
    const { stdout, exitCode } = await run.result;
    expect(exitCode).toBe(0);
    expect(eventsOf(stdout, 'instance.ready')).toHaveLength(1);
  });
});

it('without perl and python3 the run says that there is no socket, and `mpctl ready` works', async () => {
  const spec = server().replace('[python3, server.py]', `'[ -z "$NOTIFY_SOCKET" ] && "${process.execPath}" "${program}" ready; exec sleep 300'`);
  const { run } = await start(spec, '', { PATH: pathWith() });
  const { stdout, exitCode } = await run.result;
  expect(exitCode).toBe(0);
  expect(eventsOf(stdout, 'warning')).toMatchObject([{ code: 'MP832', message: 'programs cannot say through `NOTIFY_SOCKET` that they are ready: neither `perl` nor `python3` is there to have a socket for it; `mpctl ready` works' }]);
  expect(eventsOf(stdout, 'instance.ready')).toHaveLength(1);
});
