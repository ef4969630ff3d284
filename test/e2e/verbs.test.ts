import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliResult, runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'mpctl.cjs');

/** Runs a spec whose processes find the built `mpctl` in their PATH; `lines` are what one of them printed. */
async function run(spec: string, own: Readonly<Record<string, string>> = {}): Promise<CliResult & { readonly lines: (process: string) => readonly string[] }> {
  const cwd = tempFolder({ 'mpctl.yaml': spec });
  const bin = path.join(cwd, 'bin');
  mkdirSync(bin);
  symlinkSync(program, path.join(bin, 'mpctl'));
  const environment = { ...own, PATH: [bin, path.dirname(process.execPath), process.env['PATH']].join(path.delimiter) };
  const result = await runCli(['run'], { cwd, program, environment });
  const lines = (name: string): readonly string[] =>
    result.stdout.split('\n').flatMap((line) => (line.startsWith(`[${name}] `) ? [line.slice(name.length + 3)] : []));
  return { ...result, lines };
}

describe('verbs in a shell script', () => {
  it('take locks and permits, which the instance then holds', async () => {
    const { lines, stderr, exitCode } = await run(`
locks: { file: , other: }
semaphores: { slots: 2, none: 0 }
processes:
  a:
    command: |
      mpctl lock acquire file other --json
      mpctl lock acquire file --no-wait || echo "no wait $?"
      mpctl lock acquire file --timeout 10ms || echo "timeout $?"
      mpctl lock release file other
      mpctl lock release file || echo "not held $?"
      mpctl lock run file -- sh -c 'echo "token $MPCTL_TOKEN_FILE"; mpctl lock acquire file --no-wait || echo "inside $?"; exit 7' || echo "exit $?"
      mpctl lock run file -- sh -c 'kill -9 $$' || echo "killed $?"
      mpctl lock run file -- no-such-command || echo "missing $?"
      mpctl lock acquire file --no-wait && echo free
      mpctl semaphore acquire slots --permits 2
      mpctl semaphore acquire slots --no-wait || echo "none left $?"
      mpctl semaphore release slots && mpctl semaphore run slots --no-wait -- echo one
      mpctl semaphore acquire none --timeout 0s || echo "none $?"
      mpctl semaphore acquire none --timeout 10ms || echo "none in time $?"
      mpctl lock acquire nothing || echo "unknown $?"
`);
    expect(lines('a')).toEqual([
      '{"tokens":{"file":1,"other":1},"owner_died":[]}',
      'no wait 1',
      'timeout 124',
      'not held 4',
      'token 2',
      'inside 1',
      'exit 7',
      'killed 137',
      'missing 127',
      'free',
      'none left 1',
      'one',
      'none 1',
      'none in time 124',
      'unknown 2',
    ]);
    expect(stderr).toContain('mpctl: `file` could not be had within 10ms');
    expect(exitCode).toBe(0);
  });

  it('hold for a command no longer than one of the two is there, and as long as the command is', async () => {
    const { lines, stderr, exitCode } = await run(`
locks: { file: }
semaphores: { slots: 1 }
processes:
  a:
    command: |
      mkfifo in go
      for kind in "lock run file" "semaphore run slots"; do
        thing=$(echo $kind | cut -d' ' -f3); verb=$(echo $kind | cut -d' ' -f1)
        mpctl $kind -- sh -c 'echo in > in; read line < go' & wrapper=$!
        read line < in
        kill -9 $wrapper
        wait $wrapper || true
        mpctl $verb acquire $thing --no-wait || echo "$thing is held"
        echo on > go
        mpctl $verb acquire $thing --timeout 60s && echo "$thing is free"
      done
`);
    expect(lines('a')).toEqual(expect.arrayContaining(['file is held', 'file is free', 'slots is held', 'slots is free']));
    expect(stderr).toContain('the last holder of `file` ended without releasing it');
    expect(exitCode).toBe(0);
  });

  it('do not hold on for what a command has left behind', async () => {
    const { lines, exitCode } = await run(`
locks: { file: }
processes: { a: { command: "mkfifo on; mpctl lock run file -- sh -c '(read line < on) > left 2>&1 &'; mpctl lock acquire file --no-wait && echo free; echo > on" } }
`);
    expect(lines('a')).toEqual(['free']);
    expect(exitCode).toBe(0);
  });

  it('leave what they take, and what curl takes, to the instance until it ends', async () => {
    const { lines, exitCode } = await run(`
locks: { file: , other: }
semaphores: { slots: 2 }
events: { taken: }
processes:
  holder:
    uses: { taken: set }
    command: |
      mpctl lock acquire file
      mpctl semaphore acquire slots --permits 2
      curl -s -o /dev/null --unix-socket "$MPCTL_SOCKET" -H "Authorization: Bearer $MPCTL_AUTHKEY" -d '{"holds":"other"}' http://mpctl/v1/lock/acquire
      mpctl event set taken
      mpctl process join seer
  seer:
    wait_for: [taken]
    command: |
      for held in "lock file" "lock other" "semaphore slots"; do mpctl \${held% *} acquire \${held#* } --no-wait || echo "$held $?"; done
  heir:
    depends_on: { holder: { condition: exit } }
    command: |
      mpctl lock acquire file other --no-wait --json
      mpctl semaphore acquire slots --permits 2 --no-wait --json
`);
    expect(lines('seer')).toEqual(['lock file 1', 'lock other 1', 'semaphore slots 1']);
    expect(lines('heir')).toEqual(['{"tokens":{"file":2,"other":2},"owner_died":["file","other"]}', '{"tokens":{"slots":2},"owner_died":["slots"]}']);
    expect(exitCode).toBe(0);
  });

  it('leave what they take in a task of a pool to that task, until it ends', async () => {
    const { lines, exitCode } = await run(`
locks: { file: }
queues: { work: { items: [one, two], on_consumer_death: redeliver } }
pools:
  each:
    workers: 1
    tasks: [a, b, c]
    allow_failure: true
    uses: { work: [get, task_done] }
    command: |
      mpctl lock acquire file --json
      mpctl queue get work
      if [ "$MPCTL_ITEM" = a ]; then exit 1; fi
      mpctl queue task-done work
`);
    const token = (number: number, ownerDied = ['file']): string => JSON.stringify({ tokens: { file: number }, owner_died: ownerDied });
    expect(lines('each-1').filter((line) => !line.startsWith('mpctl: '))).toEqual([token(1, []), 'one', token(2), 'one', token(3), 'two']);
    expect(exitCode).toBe(0);
  });

  it('meet at events, barriers and conditions', async () => {
    const { lines, exitCode } = await run(`
locks: { guard: }
events: { go: , waiting: }
conditions: { changed: { lock: guard } }
barriers: { start: { parties: 2 } }
values: { state: old }
processes:
  a:
    uses: { go: set, start: wait, changed: notify }
    command: |
      mpctl event is-set go || echo "not set $?"
      mpctl event wait go --no-wait || echo "would wait $?"
      mpctl event wait waiting
      mpctl lock acquire guard
      mpctl value set state new
      mpctl condition notify changed --count all
      mpctl lock release guard
      mpctl condition notify changed || echo "without the lock $?"
      mpctl event set go; mpctl event is-set go && echo set
      mpctl barrier wait start > a.place
      mpctl barrier abort start
      mpctl barrier wait start || echo "broken $?"
      mpctl barrier reset start
  b:
    uses: { waiting: set, start: wait }
    command: |
      mpctl lock acquire guard
      mpctl event set waiting
      mpctl condition wait changed && mpctl value get state
      mpctl lock release guard
      mpctl event wait go --timeout 1m
      mpctl barrier wait start > b.place
  c:
    depends_on: [a, b]
    command: sort a.place b.place
`);
    expect(lines('a')).toEqual(['not set 1', 'would wait 1', 'without the lock 4', 'set', 'broken 4']);
    expect(lines('b')).toEqual(['new']);
    expect(lines('c')).toEqual(['0', '1']);
    expect(exitCode).toBe(0);
  });

  it('put, get and finish the items of a queue until its end of stream', async () => {
    const { lines, stderr, exitCode } = await run(`
events: { filled: }
queues: { work: { capacity: 3 }, other: }
processes:
  producer:
    uses: { work: put, filled: set }
    command: |
      printf 'one\\ntwo' | mpctl queue put work -
      mpctl queue put work '{"a": 1}' --json
      mpctl queue put work more --no-wait || echo "full $?"
      mpctl queue size work
      mpctl queue get work || echo "undeclared $?"
      mpctl queue join work --no-wait || echo "unfinished $?"
      mpctl event set filled
      mpctl queue put work four
      mpctl queue join work && echo done
      mpctl queue close work
      mpctl queue put work five || echo "closed $?"
      mpctl queue put other x || echo "undeclared $?"
  consumer:
    uses: { work: [get, task_done] }
    wait_for: [filled]
    command: |
      while item=$(mpctl queue get work); do echo "$item"; mpctl queue task-done work; done
      mpctl queue get work || echo "end $?"
      mpctl queue task-done work || echo "nothing in hand $?"
`);
    expect(lines('consumer')).toEqual(['one', 'two', '{"a":1}', 'four', 'end 3', 'nothing in hand 4']);
    expect(lines('producer')).toEqual(['full 1', '3', 'undeclared 4', 'unfinished 1', 'done', 'closed 4', 'undeclared 4']);
    expect(stderr).toContain('make it `uses: {work: [put, get]}`');
    expect(stderr).toContain('add `uses: {other: put}` to it');
    expect(exitCode).toBe(0);
  });

  it('send messages, share values, submit tasks and handle processes', async () => {
    const { lines, exitCode } = await run(`
pipes: { link: { between: [a, b] } }
values: { counter: 0 }
pools:
  hash: { workers: 1, command: 'test "$MPCTL_ITEM" != bad; echo "<$MPCTL_ITEM>"', allow_failure: true }
processes:
  a:
    uses: { hash: submit, extra: start }
    command: |
      mpctl pipe poll link || echo "nothing $?"
      mpctl pipe send link hello '{"a":1}'
      mpctl pipe poll link --timeout 1m && mpctl pipe poll link --json
      mpctl pipe recv link
      mpctl pipe poll link --timeout 1ms || echo "none came $?"
      mpctl pipe recv link --timeout 1ms || echo "late $?"
      mpctl pipe close link; mpctl pipe send link x || echo "closed $?"
      mpctl value add counter 5; mpctl value add counter -1
      mpctl value cas counter 9 0 --json || echo "other $?"
      mpctl value cas counter 4 '{"b":2}' --json && mpctl value get counter
      mpctl pool submit hash x bad > tasks; cat tasks
      mpctl pool result hash 0; mpctl pool result hash 1 || echo "failed $?"
      mpctl pool close hash; mpctl pool join hash
      mpctl process is-alive extra || echo "not yet $?"
      mpctl process start extra
      mpctl process start a || echo "undeclared $?"
      mpctl process join extra --no-wait || echo "alive $?"
      mpctl process join extra --timeout 1ms || echo "alive still $?"
      mpctl process terminate extra; mpctl process join extra --json
      mpctl process is-alive nobody || echo "nobody $?"
      mpctl process ls | cut -d ' ' -f 1
  b:
    command: |
      mpctl pipe recv link; mpctl pipe recv link
      mpctl pipe send link back
      mpctl pipe recv link || echo "end $?"
      mpctl pipe poll link && echo over
  extra: { autostart: false, command: 'exec sleep 1000' }
`);
    expect(lines('b')).toEqual(['hello', '{"a":1}', 'end 3', 'over']);
    expect(lines('a')).toEqual([
      'nothing 1',
      'true',
      'back',
      'none came 1',
      'late 124',
      'closed 4',
      '5',
      '4',
      'other 1',
      '{"b":2}',
      '0',
      '1',
      '<x>',
      'failed 1',
      'not yet 1',
      'undeclared 4',
      'alive 1',
      'alive still 124',
      expect.stringMatching(/^\{"exitcodes":\{"extra":(?:-15|null)\}\}$/u),
      'nobody 2',
      'NAME',
      'a',
      'b',
      'extra',
    ]);
    expect(exitCode).toBe(0);
  });

  it('say that they are ready, and end the run', async () => {
    const { lines, exitCode } = await run(`
processes:
  server: { readiness_probe: { notify: true }, command: 'mpctl ready; exec sleep 1000' }
  client: { depends_on: { server: { condition: ready } }, command: 'echo up; mpctl shutdown 3' }
`);
    expect(lines('client')).toEqual(['up']);
    expect(exitCode).toBe(3);
  });

  it('are no more than what curl can do', async () => {
    const { lines, exitCode } = await run(`
locks: { file: }
queues: { work: { items: [one] } }
processes:
  a:
    uses: { work: get }
    command: |
      ask() { curl --silent --unix-socket "$MPCTL_SOCKET" -H "Authorization: Bearer $MPCTL_AUTHKEY" -d "$2" "http://mpctl/v1/$1"; }
      ask lock/acquire '{"holds": "file"}'
      mpctl lock acquire file --no-wait || echo "held $?"
      ask lock/release '{"holds": "file"}'
      ask queue/get '{"name": "work"}'
      mpctl queue get work || echo "end $?"
`);
    expect(lines('a')).toEqual([
      '{"result":{"tokens":{"file":1},"owner_died":[]}}',
      'held 1',
      '{"result":null}',
      '{"result":{"items":["one"]}}',
      'end 3',
    ]);
    expect(exitCode).toBe(0);
  });
});

describe('a message', () => {
  const spec = `
queues: { q: , many: }
pools: { count: { workers: 1, steps: [{ print: "\${{ item }}" }] } }
processes:
  sh:
    uses: { q: [put, get] }
    command: |
      head -c 2000000 /dev/zero | tr '\\0' x | mpctl queue put q - || echo "refused $?"
  py:
    uses: { q: [put, get], many: [put, get], count: submit }
    command:
      - python3
      - -c
      - |
        import mpctl
        print(len(mpctl.Pool('count').map(['x' * 5000] * 40)))
        many = mpctl.Queue('many')
        # Two of these and what stands around them are more than 64K.
        for length in [32_700, 32_760] * 25:
            many.put('x' * length)
        print(many.qsize())
        try:
            print(mpctl.Queue('q').put('x' * 2_000_000))
        except mpctl.TooLarge as error:
            print(error)
`;

  it('may be as large as mpctl run was told', async () => {
    const { lines, exitCode } = await run(spec, { MPCTL_MAX_FRAME: '4M' });
    expect(lines('sh')).toEqual([]);
    expect(lines('py')).toEqual(['40', '50', 'None']);
    expect(exitCode).toBe(0);
  });

  it('may be small, and what a client puts together stays below it', async () => {
    const { lines, stderr, exitCode } = await run(spec, { MPCTL_MAX_FRAME: '64K' });
    expect(lines('sh')).toEqual(['refused 2']);
    expect(stderr).toContain('a body holds at most 65536 bytes');
    expect(lines('py')).toEqual(['40', '50', expect.stringMatching(/larger than 65536$/u)]);
    expect(exitCode).toBe(0);
  });
});

describe('a verb outside of a run', () => {
  it.each([['event set go'], ['lock acquire file'], ['semaphore run slots -- true'], ['ready'], ['pool submit hash x']])('%s ends with 69', async (line) => {
    const { stderr, stdout, exitCode } = await runCli(line.split(' '), { cwd: tempFolder(), program });
    expect(stderr).toMatch(/^mpctl: not inside a run: MPCTL_SOCKET is not set \([^\n]+\)\n$/u);
    expect(stdout).toBe('');
    expect(exitCode).toBe(69);
  });

  it('says that its run has ended', async () => {
    const cwd = tempFolder();
    const environment = { MPCTL_SOCKET: path.join(cwd, 'gone.sock'), MPCTL_AUTHKEY: 'secret' };
    const { stderr, exitCode } = await runCli(['event', 'set', 'go'], { cwd, program, environment });
    expect(stderr).toMatch(/^mpctl: the run has ended, or its socket was removed: nobody is there at \/.*\n$/u);
    expect(exitCode).toBe(69);
  });

  it('helps', async () => {
    for (const argv of [['queue', 'put', '--help'], ['help', 'queue', 'put']]) {
      const { stdout, exitCode } = await runCli(argv, { cwd: tempFolder(), program });
      expect(stdout).toMatch(/^Usage: mpctl queue put \[options\] QUEUE ITEM/u);
      expect(exitCode).toBe(0);
    }
  });
});
