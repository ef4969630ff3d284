import { describe, expect, it } from 'vitest';
import { isPoolOfCommands, isVerb, poolVerbWords, verbWords } from '../../../cmd/verbs/is-verb.ts';
import { linesOf } from '../../../cmd/verbs/lines-of-input.ts';
import { runVerb } from '../../../cmd/verbs/run-verb.ts';
import { runVerbs } from '../../../cmd/verbs/run-verbs.ts';
import { operatorVerbs } from '../../../cmd/verbs/operator-verbs.ts';
import { verbGroups } from '../../../cmd/verbs/groups.ts';
import { readAnswer } from '../../../cmd/verbs/ask-door.ts';
import type { Json } from '../../../src/base/json.ts';
import { err, ok } from '../../../src/base/result.ts';
import { errorForms, type ErrorKind } from '../../../src/protocol/error-kind.ts';

interface Called {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly asked: readonly (readonly [string, unknown])[];
}

/** Calls a verb within the test process; the run answers with this, or refuses as that. */
async function call(argv: readonly string[], { result = null, kind, input = '' }: { result?: Json; kind?: ErrorKind; input?: string } = {}): Promise<Called> {
  const asked: [string, unknown][] = [];
  let stdout = '';
  let stderr = '';
  const exitCode = await runVerb(argv, {
    workingDir: '/', environment: { MPCTL_SOCKET: '/nowhere' },
    ask: async (method, params) => {
      asked.push([method, JSON.parse(JSON.stringify(params))]);
      return kind === undefined ? ok(result) : err({ kind, message: 'why', hint: null, exitCode: errorForms[kind].exitCode });
    },
    write: (text) => {
      stdout += text;
    },
    print: () => Promise.resolve(true),
    complain: (line) => {
      stderr += `mpctl: ${line}\n`;
    },
    async *input() {
      yield input;
    },
  });
  return { exitCode, stdout, stderr, asked };
}

describe('a verb asks', () => {
  it.each<[string, string, unknown]>([
    ['lock acquire file', 'lock.acquire', { holds: ['file'] }],
    ['lock acquire a b --timeout 1m30s', 'lock.acquire', { holds: ['a', 'b'], timeout_ms: 90_000 }],
    ['lock acquire file --no-wait', 'lock.acquire', { holds: ['file'], timeout_ms: 0 }],
    ['lock release file', 'lock.release', { holds: ['file'] }],
    ['semaphore acquire slots --permits=2', 'semaphore.acquire', { holds: [{ name: 'slots', permits: 2 }] }],
    ['semaphore release slots', 'semaphore.release', { holds: [{ name: 'slots', permits: 1 }] }],
    ['event set go', 'event.set', { name: 'go' }],
    ['event clear go', 'event.clear', { name: 'go' }],
    ['event wait go --timeout=250ms', 'event.wait', { name: 'go', timeout_ms: 250 }],
    ['barrier wait start', 'barrier.wait', { name: 'start' }],
    ['barrier abort start', 'barrier.abort', { name: 'start' }],
    ['barrier reset start', 'barrier.reset', { name: 'start' }],
    ['condition wait changed', 'condition.wait', { name: 'changed' }],
    ['condition notify changed', 'condition.notify', { name: 'changed' }],
    ['condition notify changed --count all', 'condition.notify', { name: 'changed', count: 'all' }],
    ['condition notify changed --count 3', 'condition.notify', { name: 'changed', count: 3 }],
    ['queue get work --max 5', 'queue.get', { name: 'work', max: 5 }],
    ['queue size work', 'queue.look', { name: 'work' }],
    ['queue close work', 'queue.close', { name: 'work' }],
    ['queue task-done work', 'queue.task_done', { name: 'work' }],
    ['queue join work', 'queue.join', { name: 'work' }],
    ['pipe send link hello', 'pipe.send', { name: 'link', item: 'hello' }],
    ['pipe send link {"a":1} --json', 'pipe.send', { name: 'link', item: { a: 1 } }],
    ['pipe recv link', 'pipe.recv', { name: 'link' }],
    ['pipe poll link', 'pipe.poll', { name: 'link', timeout_ms: 0 }],
    ['pipe poll link --timeout 2s', 'pipe.poll', { name: 'link', timeout_ms: 2000 }],
    ['pipe close link', 'pipe.close', { name: 'link' }],
    ['value get counter', 'value.get', { name: 'counter' }],
    ['value set counter 5', 'value.set', { name: 'counter', item: '5' }],
    ['value set counter 5 --json', 'value.set', { name: 'counter', item: 5 }],
    ['value add counter', 'value.add', { name: 'counter' }],
    ['value add counter -1.5', 'value.add', { name: 'counter', by: -1.5 }],
    ['value cas counter 0 1 --json', 'value.compare_and_set', { name: 'counter', expected: 0, item: 1 }],
    ['pool submit hash a b', 'pool.submit', { name: 'hash', items: ['a', 'b'] }],
    ['pool close hash', 'pool.close', { name: 'hash' }],
    ['pool terminate hash', 'pool.terminate', { name: 'hash' }],
    ['pool join hash --timeout 1s', 'pool.join', { name: 'hash', timeout_ms: 1000 }],
    ['process ls', 'process.list', {}],
    ['process start extra', 'process.start', { name: 'extra' }],
    ['process join extra', 'process.join', { name: 'extra' }],
    ['process terminate extra', 'process.terminate', { name: 'extra' }],
    ['process kill extra', 'process.kill', { name: 'extra' }],
    ['ready', 'run.ready', {}],
    ['shutdown', 'run.shutdown', {}],
    ['shutdown 3', 'run.shutdown', { code: 3 }],
  ])('%s', async (line, method, params) => {
    expect((await call(line.split(' '))).asked).toEqual([[method, params]]);
  });

  it('puts what stands there, or the lines of standard input', async () => {
    const result = { put: 2 };
    expect((await call(['queue', 'put', 'work', 'a b', '-1', '--priority', '2'], { result })).asked).toEqual([
      ['queue.put', { name: 'work', items: ['a b', '-1'], priority: 2 }],
    ]);
    expect((await call(['queue', 'put', 'work', '-'], { result, input: 'one\ntwo' })).asked).toEqual([
      ['queue.put', { name: 'work', items: ['one'] }],
      ['queue.put', { name: 'work', items: ['two'] }],
    ]);
    expect((await call(['queue', 'put', 'work', '--', '--json'], { result: { put: 1 } })).asked).toEqual([
      ['queue.put', { name: 'work', items: ['--json'] }],
    ]);
  });
});

describe('a verb prints', () => {
  it.each<[string, Json, string, number]>([
    ['lock acquire file', { tokens: { file: 7 }, owner_died: [] }, '', 0],
    ['lock acquire file --json', { tokens: { file: 7 }, owner_died: [] }, '{"tokens":{"file":7},"owner_died":[]}\n', 0],
    ['event is-set go', { is_set: true, waiting: 0 }, '', 0],
    ['event is-set go', { is_set: false, waiting: 0 }, '', 1],
    ['event is-set go --json', { is_set: false, waiting: 0 }, 'false\n', 1],
    ['barrier wait start', 1, '1\n', 0],
    ['queue get work', { items: ['a'] }, 'a\n', 0],
    ['queue get work --max 3', { items: ['a', 2, { b: null }] }, 'a\n2\n{"b":null}\n', 0],
    ['queue get work --json', { items: ['a'] }, '"a"\n', 0],
    ['queue size work', { size: 4, in_hand: 1 }, '4\n', 0],
    ['queue size work --json', { size: 4, in_hand: 1 }, '{"size":4,"in_hand":1}\n', 0],
    ['pipe recv link', null, 'null\n', 0],
    ['pipe poll link', false, '', 1],
    ['pipe poll link', true, '', 0],
    ['value get counter', [1, 2], '[1,2]\n', 0],
    ['value add counter', 6, '6\n', 0],
    ['value cas counter a b', false, '', 1],
    ['value cas counter a b', true, '', 0],
    ['pool submit hash a b', { tasks: [4, 5] }, '4\n5\n', 0],
    ['pool result hash 4', { fate: 'succeeded', value: 'x', why: null }, 'x\n', 0],
    ['process join extra', { exitcodes: { extra: 0 } }, '', 0],
    ['process join extra --json', { exitcodes: { extra: -9 } }, '{"exitcodes":{"extra":-9}}\n', 0],
    ['process is-alive extra', [{ name: 'extra-1', process: 'extra', is_alive: true }], '', 0],
    ['process is-alive extra-1', [{ name: 'extra-1', process: 'extra', is_alive: false }], '', 1],
  ])('%s', async (line, result, stdout, exitCode) => {
    expect(await call(line.split(' '), { result })).toMatchObject({ stdout, stderr: '', exitCode });
  });

  it('lists processes in columns', async () => {
    const result = [
      { name: 'a', process: 'a', kind: 'process', state: 'running', pid: 12, exitcode: null, is_alive: true },
      { name: 'longer', process: 'longer', kind: 'process', state: 'failed', pid: null, exitcode: 3, is_alive: false },
    ];
    expect((await call(['process', 'ls'], { result })).stdout).toBe(
      'NAME    STATE    PID  EXITCODE\na       running  12   -\nlonger  failed   -    3\n',
    );
  });

  it('says what became of a task that did not succeed, and who died with a lock', async () => {
    const failed = await call(['pool', 'result', 'hash', '4'], { result: { fate: 'failed', value: null, why: 'it exited with 1' } });
    expect(failed).toMatchObject({ exitCode: 1, stdout: '', stderr: 'mpctl: task 4 of `hash` has the fate failed: it exited with 1\n' });
    const dead = await call(['lock', 'acquire', 'file'], { result: { tokens: { file: 7 }, owner_died: ['file'] } });
    expect(dead).toMatchObject({ exitCode: 0, stderr: 'mpctl: the last holder of `file` ended without releasing it\n' });
  });

  it('says how many were put where not all were', async () => {
    const argv = ['queue', 'put', 'work', 'a', 'b'];
    expect(await call([...argv, '--no-wait'], { result: { put: 1 } })).toMatchObject({ exitCode: 1 });
    expect(await call([...argv, '--timeout', '1s'], { result: { put: 1 } })).toMatchObject({ exitCode: 124 });
  });
});

describe('a refusal', () => {
  it.each<[ErrorKind, number, string]>([
    ['would_block', 1, ''],
    ['full', 1, ''],
    ['empty', 1, ''],
    ['end_of_stream', 3, ''],
    ['timed_out', 124, 'mpctl: why\n'],
    ['broken', 4, 'mpctl: why\n'],
    ['not_owner', 4, 'mpctl: why\n'],
    ['not_declared', 4, 'mpctl: why\n'],
    ['deadlock', 5, 'mpctl: why\n'],
    ['not_found', 2, 'mpctl: why\n'],
  ])('%s ends with %i', async (kind, exitCode, stderr) => {
    expect(await call(['queue', 'get', 'work'], { kind })).toMatchObject({ exitCode, stderr, stdout: '' });
  });

  it('is read from an answer over HTTP', () => {
    const refusal = { error: { kind: 'empty', message: 'nothing there' } };
    expect(readAnswer(`HTTP/1.1 409 Conflict\r\n\r\n${JSON.stringify(refusal)}\n`)).toMatchObject({
      ok: false,
      error: { kind: 'empty', message: 'nothing there', exitCode: 1 },
    });
    expect(readAnswer('HTTP/1.1 200 OK\r\n\r\n{"result":null}\n')).toEqual({ ok: true, value: null });
    expect(readAnswer('HTTP/1.1 502 Bad Gateway\r\n\r\n<html>')).toMatchObject({ ok: false, error: { kind: null, exitCode: 4 } });
  });
});

describe('wrong usage ends with 2 and says what is right', () => {
  it.each([
    ['lock', 'needs a verb (one of acquire, release, run)'],
    ['lock aquire file', 'has no verb `aquire` (did you mean `mpctl lock acquire`?)'],
    ['lock acquire', 'needs more than it was given (it is `mpctl lock acquire LOCK…`, for example `mpctl lock acquire file --timeout 2s`)'],
    ['lock acquire file --timout 2s', 'has no flag `--timout` (did you mean `--timeout`?)'],
    ['lock acquire file --timeout', '`--timeout` needs a value (write `--timeout DURATION`)'],
    ['lock acquire file --timeout 2', '`2` is not a duration (write `--timeout 2s`)'],
    ['lock acquire file --timeout 2s --no-wait', 'exclude each other'],
    ['lock acquire file --no-wait=1', '`--no-wait` takes no value'],
    ['lock run file', 'needs a command behind `--` (for example `mpctl lock run file -- make install`)'],
    ['event set go now', 'takes less than it was given: `now` too many'],
    ['queue put work 9007199254740993 --json', '9007199254740993 is beyond 2**53 - 1 and would not survive JSON: pass it as a string'],
    ['value add counter 9007199254740993', '9007199254740993 is beyond 2**53 - 1'],
    ['value add counter 1e999', '1e999 is beyond the largest number of JSON'],
    ['value set counter { --json', '`{` is not JSON'],
    ['value add counter one', 'what is added has to be a number, and not `one`'],
    ['queue get work --max 0', '`--max` has to be a whole number from 1 on, and not `0`'],
    ['pool result hash first', 'a task has to be a whole number from 0 on, and not `first`'],
    ['shutdown -1', 'an exit code has to be a whole number from 0 on, and not `-1`'],
  ])('%s', async (line, says) => {
    const { exitCode, stderr, asked } = await call(line.split(' '));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/^mpctl: [^\n]+\n$/u);
    expect(asked).toEqual([]);
  });
});

describe('help', () => {
  const all = [...verbGroups.flatMap(({ name, verbs }) => verbs.map((verb) => [name, verb.name])), ...[...runVerbs, ...operatorVerbs].map(({ name }) => [name])];

  it.each(all.map((words) => [words.join(' ')]))('of `mpctl %s` has a usage, exit codes and an example', async (words) => {
    for (const argv of [[...words.split(' '), '--help'], ['help', ...words.split(' ')]]) {
      const { exitCode, stdout, asked } = await call(argv);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: mpctl ${words}( |\n)`, 'u'));
      expect(stdout).toContain('Exit codes:\n');
      expect(stdout.split('Example:\n').at(-1)).toContain(`mpctl ${words}`);
      expect(asked).toEqual([]);
    }
  });

  it('of a group lists its verbs', async () => {
    const { exitCode, stdout } = await call(['queue', '--help']);
    expect(exitCode).toBe(0);
    for (const verb of ['put', 'get', 'size', 'close', 'task-done', 'join']) expect(stdout).toContain(`\n  ${verb} `);
  });

  it('of `run` says who holds on where it is killed', async () => {
    const [lock, semaphore] = [(await call(['lock', 'run', '--help'])).stdout, (await call(['semaphore', 'run', '--help'])).stdout];
    for (const text of [lock, semaphore]) expect(text).toContain('Where this is killed, the command holds it on to its own end.');
    expect(lock).toContain('A reentrant lock is held by the whole instance');
    expect(semaphore).not.toContain('reentrant');
  });

  it('of a command behind `--` is not ours', async () => {
    expect((await call(['queue', 'put', 'work', '--', '--help'], { result: { put: 1 } })).asked).toHaveLength(1);
  });
});

describe('the launcher', () => {
  it('knows the first word of every verb', () => {
    expect([...verbWords].toSorted()).toEqual([...verbGroups, ...runVerbs, ...operatorVerbs].map(({ name }) => name).toSorted());
  });

  it('knows the second word of every verb of a pool', () => {
    expect([...poolVerbWords]).toEqual(verbGroups.find(({ name }) => name === 'pool')?.verbs.map(({ name }) => name));
  });

  it.each<[string, 'verb' | 'pool' | 'other']>([
    ['lock run file -- make', 'verb'],
    ['ready', 'verb'],
    ['help queue', 'verb'],
    ['help run', 'other'],
    ['help', 'other'],
    ['run', 'other'],
    ['pool submit hash a', 'verb'],
    ['help pool submit', 'verb'],
    ['pool --help', 'pool'],
    ['help pool', 'pool'],
    ['pool', 'pool'],
    ['pool -j4 -- cmd {}', 'pool'],
    ['pool sumbit', 'pool'],
    ['', 'other'],
  ])('leaves `%s` to whom it belongs', (line, expected) => {
    const words = line.split(' ');
    const forPool = isPoolOfCommands(words) ? 'pool' : 'other';
    expect(isVerb(words) ? 'verb' : forPool).toBe(expected);
  });
});

describe('linesOf', () => {
  async function* pieces(...texts: readonly string[]): AsyncGenerator<string> {
    for (const text of texts) yield text;
  }

  async function collect(...texts: readonly string[]): Promise<readonly (readonly string[])[]> {
    const lists: (readonly string[])[] = [];
    for await (const lines of linesOf(pieces(...texts))) lists.push(lines);
    return lists;
  }

  it('gives whole lines as they come, and the last without its newline', async () => {
    expect(await collect('a\nb', 'c\n', '\nd')).toEqual([['a'], ['bc'], [''], ['d']]);
    expect(await collect('')).toEqual([]);
  });

  it('cuts what is too much for one request', async () => {
    const line = 'x'.repeat(100_000);
    expect((await collect(`${line}\n${line}\n${line}\n`)).map(({ length }) => length)).toEqual([1, 1, 1]);
  });
});
