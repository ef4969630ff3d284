import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pythonEnvironment } from '../rig/python-environment.ts';
import { type CliResult, runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** Holds one lock, meets the other program, and waits for its lock. */
const hold = `import sys, mpctl
one, other = sys.argv[1:]
with mpctl.Lock(one):
    mpctl.Barrier('met').wait()
    with mpctl.Lock(other):
        print('got both')
`;

/** A spec of `a`, which is \`hold\`, and of `b`, which holds `right` and waits for `left`. */
function specOf(b: string): string {
  return `locks: { left: , right: }
barriers: { met: { parties: 2 } }
processes:
  a: { command: [python3, hold.py, left, right], uses: { met: wait } }
  b:
    uses: { met: wait }
    command: |
${b.replaceAll(/^/gmu, '      ')}
`;
}

/** Runs it where `mpctl` is found; `script` is `b.py`. */
async function run(b: string, script = ''): Promise<CliResult> {
  const cwd = tempFolder({ 'mpctl.yaml': specOf(b), 'hold.py': hold, 'b.py': script });
  const bin = path.join(cwd, 'bin');
  mkdirSync(bin);
  symlinkSync(program, path.join(bin, 'mpctl'));
  const environment = { PATH: [bin, path.dirname(process.execPath), process.env['PATH']].join(path.delimiter), ...pythonEnvironment };
  return runCli(['run'], { cwd, program, environment });
}

/** The function of `examples/workers/worker.sh`. */
const exampleCall = /^call\(\) \{\n[^]*?^\}$/mu.exec(readFileSync(path.join(import.meta.dirname, '../../examples/workers/worker.sh'), 'utf8'))?.[0] ?? '';

const start = 'import mpctl, threading, time\nmpctl.Lock("right").acquire()\n';
const end = 'mpctl.Barrier("met").wait()\nmpctl.Lock("left").acquire()\nmpctl.Lock("left").release()\n';
const python = 'exec python3 b.py';

describe('programs that wait for each other for ever', () => {
  it('end the run with 5, which says who holds what, who waits, and where they are written', async () => {
    const { exitCode, stderr } = await run('mpctl lock acquire right\nmpctl barrier wait met\nmpctl lock acquire left\necho never');
    expect(stderr.split('\n').filter((line) => /deadlock|waits/u.test(line))).toEqual([
      'mpctl: deadlock: each of these waits for the next',
      'mpctl:   `a`, which holds `left`, waits for lock `right`, held by `b` (mpctl.yaml:4)',
      'mpctl:   `b`, which holds `right`, waits for lock `left`, held by `a` (mpctl.yaml:5)',
      'mpctl: stopping the run: deadlock: `a` → `b`',
      'mpctl: stopping `a` with SIGTERM: deadlock: `a` → `b`',
      'mpctl: stopping `b` with SIGTERM: deadlock: `a` → `b`',
    ]);
    expect(exitCode).toBe(5);
  });

  it.each([
    ['a verb in another', 'mpctl lock run right -- sh -c "mpctl barrier wait met; mpctl lock run left -- echo never"\ntrue', ''],
    ['a verb whose output is kept', 'mpctl lock acquire right\nmpctl barrier wait met\nx=$(mpctl lock acquire left)\necho never', ''],
    ['a verb behind a shell that waits for it', 'mpctl lock acquire right\nmpctl barrier wait met\nmpctl lock acquire left &\nwait', ''],
    ['a request of the example in sh', `${exampleCall}\nmpctl lock acquire right\ncall barrier/wait '{"name": "met"}'\nx=$(call lock/acquire '{"holds": "left"}' | sed s/a/b/)\necho never`, ''],
    ['one thread', python, start + end],
    ['a thread that another one joins', python, `${start}t = threading.Thread(target=lambda: exec(${JSON.stringify(end)}))\nt.start()\nt.join()\n`],
    ['a forked child', python, `${start}import multiprocessing\nc = multiprocessing.get_context('fork').Process(target=lambda: exec(${JSON.stringify(end)}))\nc.start()\nc.join()\n`],
    ['a verb that a program runs', python, `${start}mpctl.Barrier('met').wait()\nimport subprocess\nsubprocess.run(['mpctl', 'lock', 'acquire', 'left'])\n`],
  ])('are met with %s', async (_, b, script) => {
    const { exitCode, stdout } = await run(b, script);
    expect(stdout).not.toContain('got both');
    expect(exitCode).toBe(5);
  });
});

it('two programs that wait for each other end the run with 5 while a third one goes on', async () => {
  const cwd = tempFolder({ 'hold.py': hold, 'mpctl.yaml': `${specOf('exec python3 hold.py right left')}  busy: { command: 'while :; do sleep 0.05; done' }\n` });
  const { exitCode, stderr } = await runCli(['run'], { cwd, program });
  expect(stderr.match(/^mpctl: stopping the run: .*$/gmu)).toEqual(['mpctl: stopping the run: deadlock: `a` → `b`']);
  expect(stderr).not.toMatch(/`busy`.* waits/u);
  expect(exitCode).toBe(5);
});

describe('a queue that programs feed themselves', () => {
  it('is at its end when all of them wait for its next item', async () => {
    const crawl = "import mpctl\nq = mpctl.Queue('pages')\nwhile True:\n    try: n = q.get()\n    except EOFError: break\n    print('page', n)\n    for m in range(n): q.put(m)\n";
    const cwd = tempFolder({
      'crawl.py': crawl,
      'mpctl.yaml': 'queues: { pages: { items: [3] } }\nprocesses:\n  w: { replicas: 2, command: [python3, crawl.py], uses: { pages: [get, put] } }\n',
    });
    const { exitCode, stdout } = await runCli(['run'], { cwd, program });
    expect(stdout.match(/page \d/gu)).toHaveLength(8);
    expect(exitCode).toBe(0);
  });
});

// What sleeps here stands for what computes, for longer than several looks at it take. It begins to when both
// have met, so that a slow machine changes nothing but the number of looks.
describe('programs of which one still does something', () => {
  it.each([
    ['a thread', python, `${start}def work():\n    time.sleep(0.7)\n    mpctl.Lock('right').release()\nmpctl.Barrier("met").wait()\nthreading.Thread(target=work).start()\nmpctl.Lock("left").acquire()\nmpctl.Lock("left").release()\n`],
    ['a shell behind the verb', 'mpctl lock acquire right\nmpctl barrier wait met\n(sleep 0.7; mpctl lock release right) &\nmpctl lock acquire left\nwait', ''],
    [
      'what has left the group',
      'mpctl lock acquire right\nmpctl barrier wait met\nsetsid sh -c "sleep 0.7; mpctl lock release right" < /dev/null > /dev/null 2>&1 &\nmpctl lock acquire left\nwait',
      '',
    ],
    ['a limit of time around the verb', 'mpctl lock acquire right\nmpctl barrier wait met\ntimeout 0.7 mpctl lock acquire left || true\nmpctl lock release right', ''],
    [
      'a limit of time around a request',
      'mpctl lock acquire right\nmpctl barrier wait met\ncurl -m 0.7 -s --unix-socket "$MPCTL_SOCKET" -H "Authorization: Bearer $MPCTL_AUTHKEY" -d \'{"holds":"left"}\' http://mpctl/v1/lock/acquire || true\nmpctl lock release right',
      '',
    ],
    ['a clock', python, `${start}import signal\ndef over(*_):\n    raise SystemExit(0)\nsignal.signal(signal.SIGALRM, over)\nmpctl.Barrier("met").wait()\nsignal.setitimer(signal.ITIMER_REAL, 0.7)\nmpctl.Lock("left").acquire()\n`],
    ['a limit of its own', python, `${start}mpctl.Barrier('met').wait()\nmpctl.Lock('left').acquire(timeout=0.7)\nmpctl.Lock('right').release()\n`],
  ])('go on, and nothing is told, as long as it is %s', async (_, b, script) => {
    const { exitCode, stdout, stderr } = await run(b, script);
    expect(stderr).not.toContain('deadlock');
    expect(stdout).toContain('got both');
    expect(exitCode).toBe(0);
  });
});
