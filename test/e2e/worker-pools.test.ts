import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pythonEnvironment } from '../rig/python-environment.ts';
import { type CliResult, type CliRun, startCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const root = path.join(import.meta.dirname, '..', '..');
const client = JSON.stringify(pathToFileURL(path.join(root, 'dist', 'client.js')).href);

/** The same worker in both languages: its items say what it does. */
const workers = {
  python: {
    command: '[python3, worker.py]',
    files: {
      'worker.py': `
import os, signal, sys, time
import mpctl

def work(item):
    word = item if isinstance(item, str) else item['do']
    if word == 'error': raise ValueError('no such thing')
    if word == 'lines': raise ValueError('one\\ntwo')
    if word == 'mute': raise ValueError
    if word == 'killed': os.kill(os.getpid(), signal.SIGKILL)
    if word == 'exit': os._exit(0)
    if word == 'while': time.sleep(3)
    if word == 'slow': print('slow begins', flush=True); time.sleep(60)
    if word == 'once' and not os.path.exists('once'): open('once', 'w').close(); os._exit(1)
    if word == 'print': print('printed'); os.system('echo by a child')
    if word == 'stdin': return sys.stdin.read()
    if word == 'none': return None
    if word == 'deep': return [1, {'é\\n': 'ü'}]
    if word == 'huge': return 'x' * 300000
    if word == 'wrong': return {1, 2}
    if word == 'pid': return os.getpid()
    if word == 'who': return [os.environ[name] for name in ('MPCTL_PROCESS', 'MPCTL_WORKER', 'MPCTL_ATTEMPT')]
    return f'{word}!'

mpctl.serve(work)
print('bye')
`,
    },
  },
  javascript: {
    command: '[node, worker.mjs]',
    files: {
      'worker.mjs': `
import { execSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { serve } from ${client};

await serve(async (item) => {
  const word = typeof item === 'string' ? item : item.do;
  await null;
  switch (word) {
    case 'error': throw new TypeError('no such thing');
    case 'lines': throw new Error('one\\ntwo');
    case 'mute': throw new Error();
    case 'killed': process.kill(process.pid, 'SIGKILL'); await new Promise(() => setInterval(() => {}, 1000)); break;
    case 'exit': process.exit(0); break;
    case 'while': await new Promise((resolve) => setTimeout(resolve, 3000)); break;
    case 'slow': console.log('slow begins'); await new Promise((resolve) => setTimeout(resolve, 60_000)); break;
    case 'once': if (!existsSync('once')) { writeFileSync('once', ''); process.exit(1); } break;
    case 'print': console.log('printed'); process.stdout.write('by a child\\n'); break;
    case 'none': return undefined;
    case 'deep': return [1, { 'é\\n': 'ü' }];
    case 'huge': return 'x'.repeat(300000);
    case 'wrong': return 10n;
    case 'pid': return process.pid;
    case 'who': return ['MPCTL_PROCESS', 'MPCTL_WORKER', 'MPCTL_ATTEMPT'].map((name) => process.env[name]);
  }
  return word + '!';
});
console.error('bye');
`,
    },
  },
} as const;

interface Result {
  readonly task: number;
  readonly item: unknown;
  readonly fate: string;
  readonly value: unknown;
  readonly attempts: number;
  readonly started: number;
  readonly duration: number;
  readonly exitcode: number | null;
  readonly signal: string | null;
}

interface Played extends CliResult {
  readonly cwd: string;
  readonly results: readonly Result[];
  readonly fates: readonly string[];
}

async function start(spec: string, files: Readonly<Record<string, string>>): Promise<CliRun & { readonly cwd: string }> {
  const cwd = tempFolder({ ...files, 'mpctl.yaml': spec });
  const environment = { PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter), ...pythonEnvironment };
  return Object.assign(await startCli(['run', '--no-color'], { cwd, program: path.join(root, 'dist', 'mpctl.cjs'), environment }), { cwd });
}

async function play(spec: string, files: Readonly<Record<string, string>>): Promise<Played> {
  const run = await start(spec, files);
  const ended = await run.result;
  const file = path.join(run.cwd, 'results.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  const results = lines.map((line) => JSON.parse(line) as Result).toSorted((one, other) => one.task - other.task);
  return { ...ended, cwd: run.cwd, results, fates: results.map(({ fate }) => fate) };
}

describe.each(Object.entries(workers))('a worker in %s', (_, { command, files }) => {
  const pool = (keys: string): string => `pools: { p: { worker: ${command}, results: { file: results.jsonl }, ${keys} } }`;

  it('an error of several lines is told in one, and one without a text by its name', async () => {
    const { stderr } = await play(pool('workers: 1, tasks: [lines, mute]'), files);
    expect(stderr).toMatch(/task 0 \(`lines`\) of `p` failed: (?:Value)?Error: one two$/mu);
    expect(stderr).toMatch(/task 1 \(`mute`\) of `p` failed: (?:Value)?Error$/mu);
  });

  it('gets each task, and each its own fate, whatever becomes of the others', async () => {
    const { results, exitCode, stderr } = await play(pool('workers: 2, tasks: [a, error, { do: b }, killed, exit, none, deep, wrong, huge, c]'), files);
    expect(results.map(({ fate, attempts }) => `${fate} ${attempts}`)).toEqual([
      'succeeded 1', 'failed 1', 'succeeded 1', 'lost 1', 'lost 1', 'succeeded 1', 'succeeded 1', 'failed 1', 'succeeded 1', 'succeeded 1',
    ]);
    expect(results.map(({ value }) => value)).toEqual(['a!', null, 'b!', null, null, null, [1, { 'é\n': 'ü' }], null, 'x'.repeat(300_000), 'c!']);
    expect(results[3]).toMatchObject({ exitcode: -9, signal: 'SIGKILL' });
    expect(results[4]).toMatchObject({ exitcode: 0, signal: null });
    expect(stderr).toMatch(/task 1 \(`error`\) of `p` failed: (?:Value|Type)Error: no such thing/u);
    expect(stderr).toMatch(/task 3 \(`killed`\) of `p` was lost: its worker .*SIGKILL/u);
    expect(stderr).toContain('task 4 (`exit`) of `p` was lost: its worker exited with 0');
    // With its traceback, and in the order in which it came.
    expect(stderr).toMatch(/^\[p-\d\] .*worker\.(?:py|mjs)/mu);
    expect(exitCode).toBe(1);
  });

  it('is replaced when a task takes too long, and between tasks after so many', async () => {
    const { results, fates } = await play(pool('workers: 1, tasks: [pid, slow, pid, pid, pid], timeout: 6s, max_tasks_per_worker: 2'), files);
    expect(fates).toEqual(['succeeded', 'timed_out', 'succeeded', 'succeeded', 'succeeded']);
    const [first, , second, third, fourth] = results.map(({ value }) => value);
    expect(second).toBe(third);
    expect(new Set([first, second, fourth]).size).toBe(3);
  });

  it('may be lost again and again, until the last attempt of its task', async () => {
    const { results } = await play(pool('workers: 1, tasks: [once, killed, a], retry: { attempts: 2, backoff: { initial: 1ms } }'), files);
    expect(results.map(({ fate, attempts, value }) => [fate, attempts, value])).toEqual([['succeeded', 2, 'once!'], ['lost', 2, null], ['succeeded', 1, 'a!']]);
  });

  it('is stopped by a halt that kills, and by Ctrl-C', async () => {
    const halted = await play(pool('workers: 2, tasks: [slow, error, a, b], halt: { after: 1 }, on_halt: kill'), files);
    expect(halted.fates).toEqual(['cancelled', 'failed', 'cancelled', 'cancelled']);
    const run = await start(pool('workers: 1, tasks: [slow, a]'), files);
    await run.waitUntil(({ stdout, stderr }) => `${stdout}${stderr}`.includes('slow begins'), 'begin of a task');
    run.kill('SIGINT');
    const { signal } = await run.result;
    expect(signal).toBe('SIGINT');
    const results = readFileSync(path.join(run.cwd, 'results.jsonl'), 'utf8').split('\n').slice(0, -1);
    expect(results.map((line) => (JSON.parse(line) as Result).fate)).toEqual(['cancelled', 'cancelled']);
  });

  it('has what it prints in its log, and its answers where nobody else takes them', async () => {
    const { stdout, stderr, exitCode } = await play(`pools: { p: { workers: 1, worker: ${command}, tasks: [print, deep, none, who] } }`, files);
    expect(stdout.split('\n').filter((line) => line.startsWith('[p-1] '))).toEqual([
      '[p-1] print!',
      '[p-1] [1,{"é\\n":"ü"}]',
      '[p-1] null',
      '[p-1] ["p-1","1","1"]',
    ]);
    for (const line of ['printed', 'by a child', 'bye']) expect(stderr).toContain(`[p-1] ${line}\n`);
    expect(exitCode).toBe(0);
  });

  it('keeps no task waiting behind a slow one while another is free', async () => {
    const items = Array.from({ length: 300 }, () => 'a').with(100, 'while');
    const { results } = await play(pool(`workers: 2, order: completion, tasks: [${items.join(', ')}]`), files);
    expect(new Set(results.map(({ fate, attempts }) => `${fate} ${attempts}`))).toEqual(new Set(['succeeded 1']));
    const ends = results.map(({ started, duration }) => started + duration);
    // Whatever had waited behind it would have ended after it.
    expect(ends.filter((end) => end > (ends[100] ?? 0))).toEqual([]);
  });

  it('that is handed several tasks at a time loses only the one it dies under', async () => {
    const { results } = await play(pool('workers: 1, chunk: 4, tasks: [a, killed, b, c, d]'), files);
    expect(results.map(({ fate, attempts }) => `${fate} ${attempts}`)).toEqual(['succeeded 1', 'lost 1', 'succeeded 1', 'succeeded 1', 'succeeded 1']);
  });
});

/** A worker that writes its lines itself: it answers every item but those that say what to write instead. */
const plain = {
  'plain.py': `
import json, os, signal, sys, time
for line in sys.stdin:
    request = json.loads(line)
    task, item = request['task'], request['item']
    right = json.dumps({'task': task, 'result': item}) + '\\n'
    if item == 'late':
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(2)
    if isinstance(item, str) and item.startswith('write '): right = item[6:] + '\\n'
    if item == 'twice': right = right + right
    os.write(1, right.encode())
    if item == 'late': os._exit(0)
`,
};

describe('a worker that writes something else than the answer to its task', () => {
  it.each([
    ['a line that is no JSON', 'write hello', 'a line that is no answer: `hello`'],
    ['a list', 'write [1]', 'a line that is no answer: `[1]`'],
    ['both a result and an error', 'write {"task":0,"result":1,"error":"x"}', 'a line that is no answer'],
    ['neither', 'write {"task":0}', 'a line that is no answer'],
    ['an answer for another task', 'write {"task":7,"result":1}', 'an answer for task 7, and it has task 0: `{"task":7,"result":1}`'],
  ])('%s: it is told so and replaced, and the pool goes on', async (_, item, told) => {
    const { fates, stderr } = await play(
      `pools: { p: { workers: 1, worker: [python3, plain.py], results: { file: results.jsonl }, tasks: ['${item}', a, b] } }`,
      plain,
    );
    expect(fates).toEqual(['lost', 'succeeded', 'succeeded']);
    expect(stderr).toContain(`warning: the worker \`p-1\` wrote ${told}`);
    expect(stderr).toContain('it is replaced (MP850)');
  });

  it.each(['null', '""'])('the error %s fails its task all the same, in words', async (error) => {
    const { results, stderr } = await play(`pools: { p: { workers: 1, worker: [python3, plain.py], results: { file: results.jsonl }, tasks: ['write {"task":0,"error":${error}}'] } }`, plain);
    expect(results).toMatchObject([{ fate: 'failed', value: null, exitcode: 1 }]);
    expect(stderr).toContain('of `p` failed: its worker answered with an error that says nothing');
  });

  it('two answers for one task: the first counts', async () => {
    const { results, stderr } = await play('pools: { p: { workers: 1, worker: [python3, plain.py], results: { file: results.jsonl }, tasks: [twice], retry: { attempts: 2 } } }', plain);
    expect(results).toMatchObject([{ fate: 'succeeded', value: 'twice', attempts: 1 }]);
    expect(stderr).toContain('an answer for task 0, and it has no task');
  });

  it('an answer after the time of its task was over is not taken', async () => {
    const { results } = await play('pools: { p: { workers: 1, worker: [python3, plain.py], results: { file: results.jsonl }, tasks: [late, a], timeout: 1500ms } }', plain);
    expect(results).toMatchObject([{ fate: 'timed_out', value: null }, { fate: 'succeeded', value: 'a' }]);
  });
});

describe('what cannot go well', () => {
  it('workers that end without an answer fail the pool, not each task one after the other', async () => {
    const { stderr, results, cwd } = await play(
      'pools: { p: { workers: 1, worker: "echo x >> starts; exit 3", results: { file: results.jsonl }, tasks: { range: [1, 100] } } }',
      {},
    );
    expect(stderr).toContain('`p` failed: 5 workers in a row have ended without an answer, at last `p-1`: its worker exited with 3');
    expect(readFileSync(path.join(cwd, 'starts'), 'utf8')).toBe('x\n'.repeat(5));
    expect(results.map(({ fate }) => fate)).toEqual(Array.from({ length: 5 }, () => 'lost'));
  });

  it('a worker that cannot be started fails the pool', async () => {
    const { stderr, fates } = await play('pools: { p: { workers: 2, worker: [no-such-program], results: { file: results.jsonl }, tasks: [a, b, c] } }', {});
    expect(stderr).toMatch(/`p` failed: `p-1` cannot be started: .*no-such-program.*\[MP801\]/u);
    expect(fates).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('an initializer that fails does, and the worker is not started', async () => {
    const { stderr, fates, cwd } = await play(
      'pools: { p: { workers: 1, initializer: "exit 4", worker: "echo x > started; exit 0", results: { file: results.jsonl }, tasks: [a, b] } }',
      {},
    );
    expect(stderr).toContain('`p` failed: the initializer of `p-1` failed: it exited with 4');
    expect(fates).toEqual(['cancelled', 'cancelled']);
    expect(existsSync(path.join(cwd, 'started'))).toBe(false);
  });

  it('a worker that waits for its next task keeps nobody from seeing a deadlock', async () => {
    const { stderr, exitCode } = await play(
      `
events: { go: }
queues: { work: { items: [a] } }
pools: { p: { workers: 1, worker: [python3, plain.py], tasks: { queue: work }, uses: { go: set } } }
processes: { a: { steps: [{ wait: go }, { put: work, item: b }] } }
`,
      plain,
    );
    expect(exitCode).toBe(5);
    expect(stderr).toContain('deadlock');
  });
});

describe('around the worker', () => {
  it('the initializer runs before each, in the environment of its slot', async () => {
    const initializer = 'echo "$MPCTL_PROCESS $MPCTL_WORKER $MPCTL_ATTEMPT $LEVEL" >> warm';
    const { fates, cwd } = await play(
      `pools: { p: { workers: 1, initializer: '${initializer}', worker: [python3, plain.py], environment: { LEVEL: low }, max_tasks_per_worker: 1, results: { file: results.jsonl }, tasks: [a, b] } }`,
      plain,
    );
    expect(fates).toEqual(['succeeded', 'succeeded']);
    expect(readFileSync(path.join(cwd, 'warm'), 'utf8')).toBe('p-1 1 1 low\np-1 1 2 low\n');
  });

  it('the fencing number of what a task holds is asked for, and is not in the environment of a program that outlives it', async () => {
    const worker = `
import { connect, serve } from ${client};
const run = await connect();
await serve(async () => [process.env.MPCTL_TOKEN_FILE ?? null, (await run.lock('file').look()).holders.map(({ process, token }) => [process, token])]);
await run.close();
`;
    const spec = 'locks: { file: }\npools: { p: { workers: 1, worker: [node, tokens.mjs], with: [file], tasks: [a, b], results: { file: results.jsonl } } }';
    const { results } = await play(spec, { 'tokens.mjs': worker });
    expect(results.map(({ value }) => value)).toEqual([[null, [['p-1', 1]]], [null, [['p-1', 2]]]]);
  });

  it('a task holds what it is to hold from its begin to its answer, and the worker nothing in between', async () => {
    const { fates, exitCode } = await play(
      `
locks: { file: }
pools: { p: { workers: 3, worker: [python3, alone.py], with: [file], tasks: { range: [1, 30] }, results: { file: results.jsonl } } }
processes: { a: { depends_on: [p], with: [file], command: "true" } }
`,
      {
        'alone.py': `
import os, mpctl
def work(item):
    os.close(os.open('alone', os.O_CREAT | os.O_EXCL))
    os.unlink('alone')
mpctl.serve(work)
`,
      },
    );
    expect(fates).toEqual(Array.from({ length: 30 }, () => 'succeeded'));
    expect(exitCode).toBe(0);
  });

  it('the things of the run are its own as those of any program', async () => {
    const { results } = await play(
      `
values: { total: 0 }
pools: { p: { workers: 2, worker: [python3, adds.py], tasks: { range: [1, 20] }, results: { file: results.jsonl } } }
`,
      { 'adds.py': "import mpctl\ntotal = mpctl.Value('total')\nmpctl.serve(lambda item: total.add(item))\n" },
    );
    expect(Math.max(...results.map(({ value }) => Number(value)))).toBe(210);
  });

  it('steps submit to it and have the answers, and a job log has a line for each task that can be run again', async () => {
    const { stdout, cwd } = await play(
      `
pools: { p: { workers: 1, worker: [python3, plain.py], joblog: jobs.tsv } }
processes: { a: { steps: [{ submit: p, items: [1, "it's"], as: r }, { result: r, as: v }, { print: "\${{ vars.v }}" }] } }
`,
      plain,
    );
    expect(stdout).toContain('[a] [1,"it\'s"]');
    const jobs = readFileSync(path.join(cwd, 'jobs.tsv'), 'utf8').split('\n').slice(1, -1).map((line) => line.split('\t'));
    expect(jobs.map((columns) => [columns[0], columns[6], columns[8]])).toEqual([
      ['1', '0', `printf '%s\\n' '{"task":0,"item":1}' | python3 plain.py`],
      ['2', '0', `printf '%s\\n' '{"task":1,"item":"it'\\''s"}' | python3 plain.py`],
    ]);
  });

  it('a job log has the command of a task that was lost or took too long as well', async () => {
    const dies = "import mpctl, os, time\nmpctl.serve(lambda item: os._exit(7) if item == 'dies' else time.sleep(100))\n";
    const { cwd } = await play(
      'pools: { p: { workers: 1, worker: [python3, dies.py], tasks: [dies, hangs], timeout: 1s, joblog: jobs.tsv } }\n',
      { 'dies.py': dies },
    );
    const jobs = readFileSync(path.join(cwd, 'jobs.tsv'), 'utf8').split('\n').slice(1, -1).map((line) => line.split('\t'));
    expect(jobs.map((columns) => [columns[0], columns[8]])).toEqual([
      ['1', `printf '%s\\n' '{"task":0,"item":"dies"}' | python3 dies.py`],
      ['2', `printf '%s\\n' '{"task":1,"item":"hangs"}' | python3 dies.py`],
    ]);
  });

  it('an answer that is too long for one is told as that', async () => {
    const long = "import mpctl\nmpctl.serve(lambda size: 'x' * size)\n";
    const { stderr, fates } = await play(
      'pools: { p: { workers: 1, worker: [python3, long.py], tasks: { range: [70000000, 70000000] }, results: { file: results.jsonl } } }\n',
      { 'long.py': long },
    );
    expect(stderr).toContain('its worker wrote a line of more than 64 MiB, which no answer may have: `{"task":0,"result":"xxx');
    expect(fates).toEqual(['lost']);
  });

  it.each([
    ['closes its standard output', '"read -r task; exec >&-; sleep 1000"', {}],
    [
      'has left `serve` and is kept alive by a thread',
      '[python3, leaves.py]',
      { 'leaves.py': 'import mpctl, sys, threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()\nmpctl.serve(sys.exit)\n' },
    ],
  ])('a worker that %s is not waited for', async (_, command, files) => {
    const { stderr, fates } = await play(
      `pools: { p: { workers: 1, worker: ${command}, tasks: [a, b], stop: { grace_period: 100ms }, results: { file: results.jsonl } } }\n`,
      files,
    );
    expect(fates).toEqual(['lost', 'lost']);
    expect(stderr).toContain('task 0 (`a`) of `p` was lost: its worker closed its standard output and did not end');
  });
});
