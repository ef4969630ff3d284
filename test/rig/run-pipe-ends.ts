import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pythonEnvironment } from './python-environment.ts';
import { runCli } from './run-cli.ts';
import { tempFolder } from './temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/**
 * `until_direct` sends, or exchanges, numbers until a message went without the run, and gives the first that was not
 * sent; `interrupted` makes a call in which a random step within the functions of those names may raise.
 */
const head = `
import dis, mpctl, os, random, signal, struct, subprocess, sys, threading
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
RETURN_VALUE = bytes([dis.opmap['RETURN_VALUE']])
class Stops:
    is_armed, count = False, 0
    def begin(self):
        signal.signal(signal.SIGALRM, self.stop)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0011)
    def stop(self, _, frame):
        # What a function has returned is its caller's, who may lose it: CPython 3.9 lets handlers run in between.
        code, following = frame.f_code, frame.f_lasti + 2
        if self.is_armed and code.co_filename != __file__ and code.co_code[following : following + 1] != RETURN_VALUE:
            self.is_armed = False
            self.count += 1
            raise Stop
stops = Stops()
def interrupted(call, names, *arguments):
    left = random.randrange(random.choice((100, 20_000)))
    def step(frame, event, _):
        nonlocal left
        left -= event == 'opcode'
        if left < 0: raise Stop
        return step
    def begin(frame, event, _):
        if frame.f_code.co_filename != mpctl.__file__ or frame.f_code.co_name not in names: return None
        frame.f_trace_opcodes = True
        return step
    sys.settrace(begin)
    try: return call(*arguments)
    finally: sys.settrace(None)
`;

/** What is behind their common head, and more of the spec. */
interface Programs {
  readonly sender: string;
  readonly receiver: string;
  readonly other?: string;
  readonly more?: string;
  /** Nothing where a deadlock is to be found: what is ended after a time is in none. */
  readonly limit?: 'timeout: 40s,' | '';
}

/** What came of them. */
interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly ledger: readonly string[];
}

/** Runs a sender and a receiver at the two ends of a pipe, which are Python programs, and gives the lines of their ledger. */
export async function runPipeEnds({ sender, receiver, other = '', more = '', limit = 'timeout: 40s,' }: Programs): Promise<Ended> {
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
  const environment = { PATH: process.env['PATH'] ?? '', ...pythonEnvironment, NODE: process.execPath, MPCTL: program };
  const { exitCode, stdout, stderr } = await runCli(['run'], { cwd, program, environment });
  const file = path.join(cwd, 'ledger');
  return { exitCode, output: stdout + stderr, ledger: existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [] };
}
