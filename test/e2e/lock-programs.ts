import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { pythonEnvironment } from '../rig/python-environment.ts';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

export const root = path.join(import.meta.dirname, '..', '..');
const client = JSON.stringify(pathToFileURL(path.join(root, 'dist', 'client.js')).href);

/**
 * Programs by file name. `own(lock)` returns with the lock held and left to the program, `shared(lock)` with the lock held,
 * which others hand on to the program and it to them; `note(…)` writes a line.
 */
export type Programs = Readonly<Record<string, string>>;

const heads: Readonly<Record<string, string>> = {
  '.py': `
import mpctl, os, signal, sys, threading
name = os.path.basename(sys.argv[0]).partition('.')[0]
file, other, queue, over = mpctl.Lock('file'), mpctl.Lock('other'), mpctl.Queue('work'), mpctl.Event('over')
def note(*words): os.write(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND), (' '.join(map(str, words)) + '\\n').encode())
def link(fd):
    try: return os.readlink(f'/proc/self/fd/{fd}')
    except OSError: return ''
def flags(fd): return int(open(f'/proc/self/fdinfo/{fd}').read().split('flags:')[1].split()[0], 8)
def files(appended): return sum('/clients/' in link(fd) and os.path.isfile(link(fd)) and (flags(fd) & os.O_APPEND > 0) == appended for fd in os.listdir('/proc/self/fd'))
def until(lock, appended, least):
    while True:
        lock.acquire()
        if files(appended) >= least: return
        lock.release()
def own(lock): until(lock, False, files(False) + 1)
def shared(lock): until(lock, True, 1)
`,
  '.mjs': `
import { connect } from ${client};
import { appendFileSync, constants, existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
const run = await connect();
const name = basename(process.argv[1]).split('.')[0];
const file = run.lock('file'), other = run.lock('other'), queue = run.queue('work'), over = run.event('over');
const note = (...words) => appendFileSync(name, words.join(' ') + '\\n');
const link = (fd) => { try { return readlinkSync('/proc/self/fd/' + fd); } catch { return ''; } };
const isFile = (path) => { try { return statSync(path).isFile(); } catch { return false; } };
const flags = (fd) => parseInt(readFileSync('/proc/self/fdinfo/' + fd, 'utf8').split('flags:')[1].trim().split('\\n')[0], 8);
const files = (appended) => readdirSync('/proc/self/fd').filter((fd) => link(fd).includes('/clients/') && isFile(link(fd)) && ((flags(fd) & constants.O_APPEND) > 0) === appended).length;
const until = async (lock, appended, least) => {
  for (;;) {
    const held = await lock.acquire();
    if (files(appended) >= least) return held;
    await held.release();
  }
};
const own = (lock) => until(lock, false, files(false) + 1);
const shared = (lock) => until(lock, true, 1);
`,
};

/** Takes `file` after `killed` has ended, and notes whether its owner has died and the number of the grant. */
export const next: Programs = {
  'next.py': `
over.wait()
mpctl.Process('killed').join()
file.acquire(timeout=30)
note(file.owner_died, file.token)
`,
};

/** Calls `meanwhile` at one line after the other of what mpctl does for `what`, once each time. */
export const tracer = `
import random, time
def at_line(number, what, meanwhile):
    count = 0
    def trace(frame, event, _):
        nonlocal count
        if frame.f_code.co_filename != mpctl.__file__: return None
        if event == 'line':
            count += 1
            if count == number:
                sys.settrace(None)
                meanwhile()
        return trace
    sys.settrace(trace)
    try: what()
    finally: sys.settrace(None)
    return count >= number
class Ring(Exception): pass
def ring(): raise Ring
`;

/** What has come of the programs. */
interface RunPrograms {
  readonly notes: (name: string) => readonly string[];
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs the programs, each as a process of its name, with two locks, a queue and an event; what each has noted. */
export async function run(programs: Programs, timeout = 'timeout: 40s, '): Promise<RunPrograms> {
  const files: Record<string, string> = {};
  const processes = Object.entries(programs).map(([file, text]) => {
    const { name, ext } = path.parse(file);
    files[file] = `${heads[ext] ?? ''}\n${text}`;
    const command = ext === '.py' ? 'python3' : 'node';
    return `  ${name}: { command: [${command}, ${file}], ${timeout}allow_failure: ${name.startsWith('killed')}, uses: { file: acquire, other: acquire, work: [put, get], over: [set, wait] } }`;
  });
  files['mpctl.yaml'] = `locks: { file: , other: }\nqueues: { work: }\nevents: { over: }\nprocesses:\n${processes.join('\n')}\n`;
  const cwd = tempFolder(files);
  const { exitCode, stdout, stderr } = await runCli(['run'], {
    cwd,
    program: path.join(root, 'dist', 'mpctl.cjs'),
    environment: { PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter), ...pythonEnvironment },
  });
  const notes = (name: string): readonly string[] => {
    const file = path.join(cwd, name);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  return { notes, exitCode, output: stdout + stderr };
}

/** Lines of Python that do this in a forked child, and wait for its end. */
export function inChild(text: string): string {
  return `child = os.fork()\nif child == 0:\n    ${text}\n    os._exit(0)\nos.waitpid(child, 0)`;
}
