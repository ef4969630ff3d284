import { describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

async function run(spec: string, argv: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
  const cwd = tempFolder({ 'mpctl.yaml': spec });
  const result = await runCli(['run', 'mpctl.yaml', ...argv], { cwd, environment });
  return { cwd, ...result };
}

/** The bytes of an instance's log. */
function logOf(cwd: string, instance: string): Buffer {
  const runs = path.join(cwd, '.mpctl', 'runs');
  return readFileSync(path.join(runs, readdirSync(runs)[0] ?? '', `${instance}.log`));
}

describe('standard input', () => {
  it('is nothing, a text, a file, or the items of a queue', async () => {
    const { stdout, exitCode } = await run(`
queues: { jobs: { items: [one, 2, { a: 3 }] } }
processes:
  none: { command: wc -c }
  text: { command: cat, stdin: { text: "hello\\nworld" } }
  file: { command: cat, stdin: { file: mpctl.yaml } }
  queue: { command: cat, stdin: { queue: jobs } }
`);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\[none\] +0$/mu);
    expect(stdout).toContain('[text] hello\n');
    expect(stdout).toContain('[text] world\n');
    expect(stdout).toContain('[file] queues: ');
    for (const item of ['one', '2', '{"a":3}']) expect(stdout).toContain(`[queue] ${item}\n`);
  });
});

it('standard input of mpctl itself goes to the process that inherits it', async () => {
  const cwd = tempFolder({ 'mpctl.yaml': 'processes: {reader: {command: cat, stdin: inherit}, other: {command: cat}}\n' });
  const { stdout, exitCode } = await runCli(['run'], { cwd, input: 'first\nlast without newline' });
  expect(stdout.split('\n').filter((line) => line.startsWith('['))).toEqual(['[reader] first', '[reader] last without newline']);
  expect(exitCode).toBe(0);
});

describe('standard output', () => {
  it('is logged, thrown away, written to a file, or put into a queue', async () => {
    const { cwd, stdout, exitCode } = await run(`
queues: { lines: }
processes:
  silent: { command: echo unheard, stdout: null }
  writer: { command: "echo out; echo err >&2", stdout: { file: out.txt }, stderr: { file: err.txt } }
  producer: { command: "echo a; echo b", stdout: { queue: lines } }
  consumer: { steps: [{ each: lines, as: line, do: [{ print: "got \${{ vars.line }}" }] }] }
`);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('unheard');
    expect(stdout).toContain('[consumer] got a\n[consumer] got b\n');
    expect(readFileSync(path.join(cwd, 'out.txt'), 'utf8')).toBe('out\n');
    expect(readFileSync(path.join(cwd, 'err.txt'), 'utf8')).toBe('err\n');
  });

  it('makes one item of each line, however much of one is shown, up to what an item may have', async () => {
    const { cwd, exitCode } = await run(`
queues: { lines: , typed: , tasks: }
processes:
  text: { command: "head -c 100000 /dev/zero | tr '\\\\0' x; echo; head -c 1048576 /dev/zero | tr '\\\\0' y", stdout: { queue: lines }, log: { max_line: 1K } }
  json: { command: "printf '[\\"'; head -c 200000 /dev/zero | tr '\\\\0' z; echo '\\"]'", stdout: { queue: typed, format: json } }
  error: { command: "{ head -c 90000 /dev/zero | tr '\\\\0' e; echo; } >&2", stderr: { queue: lines } }
  reader: { command: cat, stdin: { queue: lines }, stdout: { file: lines.txt } }
  typedReader: { command: cat, stdin: { queue: typed, format: json }, stdout: { file: typed.txt } }
  taskReader: { command: cat, stdin: { queue: tasks }, stdout: { file: tasks.txt } }
pools:
  work: { command: "head -c 70000 /dev/zero | tr '\\\\0' t", tasks: [a, b], stdout: { queue: tasks } }
`);
    expect(exitCode).toBe(0);
    const lengths = (file: string): number[] => readFileSync(path.join(cwd, file), 'utf8').split('\n').map(({ length }) => length).toSorted((a, b) => a - b);
    expect(lengths('lines.txt')).toEqual([0, 90_000, 100_000, 1_048_576]);
    expect(lengths('typed.txt')).toEqual([0, 200_004]);
    expect(lengths('tasks.txt')).toEqual([0, 70_000, 70_000]);
  });

  it('has failed with a line that is longer than an item may be, which no piece of comes into the queue', async () => {
    const { cwd, exitCode, stdout } = await run(`
queues: { lines: }
processes:
  long: { command: "echo first; head -c 70000 /dev/zero | tr '\\\\0' x; echo; echo last", stdout: { queue: lines }, log: { max_line: 1K } }
  reader: { command: cat, stdin: { queue: lines }, stdout: { file: lines.txt }, stop: { grace_period: 60s } }
`, ['--on-failure', 'continue'], { MPCTL_MAX_FRAME: '64K' });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('a line for `lines` has more than the 65536 bytes that an item may have');
    expect(stdout).toContain('MPCTL_MAX_FRAME');
    expect(readFileSync(path.join(cwd, 'lines.txt'), 'utf8')).toBe('first\n');
    expect(logOf(cwd, 'long').toString()).toContain('x'.repeat(70_000));
  });

  it('is inherited byte by byte', async () => {
    const { stdout } = await run('processes: {raw: {command: printf "no newline", stdout: inherit}}');
    expect(stdout).toContain('no newline');
    expect(stdout).not.toContain('[raw]');
  });

  it('keeps every byte in the log, also the last line without its newline', async () => {
    const { cwd, stdout } = await run(`
processes:
  burst: { command: "head -c 150000 /dev/zero | tr '\\\\0' x; printf end" }
  binary: { command: "printf '\\\\377\\\\000\\\\001last'" }
`);
    expect(logOf(cwd, 'burst').toString()).toBe(`${'x'.repeat(150_000)}end`);
    expect([...logOf(cwd, 'binary')]).toEqual([0xff, 0, 1, ...Buffer.from('last')]);
    expect(stdout).toContain('end\n');
  });

  it('is shown without control sequences and with the last state of a progress bar, and logged as it came', async () => {
    const { cwd, stdout } = await run(String.raw`
processes:
  bar: { command: 'printf "\033[2J\033[31m10%%\r50%%\r100%%\033[0m\r\n"' }
`);
    expect(stdout).toContain('[bar] 100%\n');
    expect(stdout).not.toContain('\u001B');
    expect(logOf(cwd, 'bar').toString()).toBe('\u001B[2J\u001B[31m10%\r50%\r100%\u001B[0m\r\n');
  });

  it('has rotated logs that keep the newest lines whole, while every line is shown', async () => {
    const { cwd, stdout } = await run(`
processes:
  writer: { command: 'i=0; while [ $i -lt 1000 ]; do echo "line $i"; i=$((i+1)); done', log: { max_size: 1K, keep: 2 } }
`);
    const runs = path.join(cwd, '.mpctl', 'runs');
    const folder = path.join(runs, readdirSync(runs)[0] ?? '');
    const files = readdirSync(folder).filter((name) => name.startsWith('writer.')).toSorted();
    expect(files).toEqual(['writer.log', 'writer.log.1', 'writer.log.2']);
    const texts = ['writer.log.2', 'writer.log.1', 'writer.log'].map((name) => readFileSync(path.join(folder, name), 'utf8'));
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(1024);
    const kept = texts.join('').trimEnd().split('\n');
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => `line ${String(1000 - kept.length + index)}`));
    expect(stdout.match(/^\[writer\] line \d+$/gmu)).toHaveLength(1000);
  });

  it('never has torn lines when eight write at once', async () => {
    const { stdout, exitCode } = await run(`
processes:
  writer: { replicas: 8, command: 'i=0; while [ $i -lt 300 ]; do echo "$MPCTL_REPLICA-$i-$MPCTL_REPLICA$MPCTL_REPLICA$MPCTL_REPLICA"; i=$((i+1)); done' }
`);
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n').filter((line) => line.startsWith('['));
    expect(lines).toHaveLength(2400);
    for (const line of lines) expect(line).toMatch(/^\[writer-(\d)\] \1-\d+-\1\1\1$/u);
  });

  it('is a terminal with `tty: true`', async () => {
    const { stdout } = await run('processes: {screen: {command: "[ -t 1 ] && [ -t 0 ] && echo terminal", tty: true}}');
    expect(stdout).toContain('[screen] terminal\n');
  });
});

describe('standard error', () => {
  it('is thrown away, or put into a queue, apart from standard output', async () => {
    const { stdout, stderr, exitCode } = await run(`
queues: { lines: , items: }
processes:
  silent: { command: "echo unheard >&2; echo heard", stderr: null }
  producer: { command: "echo a >&2; echo out; echo b >&2", stderr: { queue: lines } }
  typed: { command: "echo '{\\"k\\": 3}' >&2", stderr: { queue: items, format: json } }
  consumer: { steps: [{ each: lines, as: line, do: [{ print: "got \${{ vars.line }}" }] }] }
  reader: { steps: [{ each: items, as: item, do: [{ print: "got \${{ vars.item.k }}" }] }] }
`);
    expect(exitCode).toBe(0);
    expect(`${stdout}${stderr}`).not.toContain('unheard');
    expect(stdout).toContain('[silent] heard\n');
    expect(stdout.match(/^\[consumer\] .*$/gmu)).toEqual(['[consumer] got a', '[consumer] got b']);
    expect(stdout).toContain('[reader] got 3\n');
    expect(`${stdout}${stderr}`.match(/^\[producer\] .*$/gmu)).toEqual(['[producer] out']);
  });

  it('is inherited byte by byte', async () => {
    const { cwd, stdout, stderr } = await run('processes: {raw: {command: "echo out; printf \'no newline\' >&2", stderr: inherit}}');
    expect(stderr).toContain('no newline');
    expect(stderr).not.toContain('[raw]');
    expect(stdout).toContain('[raw] out\n');
    expect(logOf(cwd, 'raw').toString()).toBe('out\n');
  });
});

describe('a pipe between processes', () => {
  it('carries 50 MB unchanged', async () => {
    const { cwd, exitCode } = await run(`
pipes: { raw: { from: gen, to: sink, via: stdio } }
processes:
  gen: { command: head -c 50000000 /dev/zero | tr '\\0' y }
  sink: { command: cat, stdout: { file: got } }
`);
    expect(exitCode).toBe(0);
    const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    expect(digest(readFileSync(path.join(cwd, 'got')))).toBe(digest(Buffer.alloc(50_000_000, 'y')));
  });

  const head = (options: string): string => `
pipes: { raw: { from: gen, to: sink, via: stdio${options} } }
processes:
  gen: { command: [yes] }
  sink: { command: [head, -n, "1"] }
`;
  it('lets a writer end with its reader, as a shell does', async () => {
    const { stdout, exitCode } = await run(head(''));
    expect(stdout).toContain('[sink] y\n');
    expect(exitCode).toBe(0);
  });

  it('a writer that is started again after both ends writes into no foreign file', async () => {
    const { stdout, exitCode } = await run(`
pipes: { raw: { from: gen, to: sink, via: stdio } }
processes:
  gen: { command: echo secret-$MPCTL_ATTEMPT }
  sink: { command: cat }
  other: { steps: [{ print: hello }, { wait: over }, { print: bye }] }
  ctl: { steps: [{ join: gen }, { join: sink }, { start: gen }, { join: gen }, { set: over }] }
events: { over: }
`);
    expect(stdout.split('\n').filter((line) => line.startsWith('['))).toEqual(['[other] hello', '[sink] secret-1', '[other] bye']);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['the reader last', '{ start: gen }, { start: sink }'],
    ['the reader first, which waits', '{ start: sink }, { run: "until [ $(wc -l < begun) = 2 ]; do sleep 0.02; done" }, { start: gen }'],
  ])('joins two that are started again: %s', async (_, starts) => {
    const { stdout, exitCode } = await run(`
pipes: { raw: { from: gen, to: sink, via: stdio } }
processes:
  gen: { command: 'head -c 200000 /dev/zero; echo' }
  sink: { command: 'echo >> begun; wc -c' }
  ctl: { steps: [{ join: gen }, { join: sink }, ${starts}] }
`);
    expect(stdout.split('\n').filter((line) => line.startsWith('['))).toEqual(['[sink] 200001', '[sink] 200001']);
    expect(exitCode).toBe(0);
  });

  it('counts that as a failure with `pipefail: true`', async () => {
    expect(await run(head(', pipefail: true'))).toMatchObject({ exitCode: 1 });
  });

  it('joins both directions of two processes with `between`', async () => {
    const { stdout, stderr, exitCode } = await run(`
pipes: { talk: { between: [asking, adding], via: stdio } }
processes:
  asking: { command: 'echo 20 22; read -r sum; echo "the sum is $sum" >&2' }
  adding: { command: 'while read -r a b; do echo $((a + b)); done' }
`);
    expect(stderr).toContain('[asking] the sum is 42\n');
    expect(stdout).not.toContain('[asking]');
    expect(exitCode).toBe(0);
  });

  it('stays open while its reader is restarted', async () => {
    const { stdout, exitCode } = await run(`
pipes: { raw: { from: gen, to: sink, via: stdio } }
processes:
  gen: { command: "echo a; until [ -e second ]; do sleep 0.02; done; echo b" }
  sink:
    command: 'read line; echo "$MPCTL_ATTEMPT $line"; [ "$MPCTL_ATTEMPT" = 2 ] || { touch second; exit 1; }'
    restart: on_failure
    backoff: { initial: 10ms }
`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('[sink] 1 a\n[sink] 2 b\n');
  });
});

describe('the environment', () => {
  it('is made of layers, later ones first', async () => {
    const cwd = tempFolder({
      'mpctl.yaml': `
env_file: top.env
environment: { B: spec, C: spec, D: spec }
processes:
  show:
    matrix: { py: [3.10] }
    replicas: 2
    env_file: own.env
    environment: { D: process, OUTER: }
    command: 'echo "$A $B $C $D $OUTER $MATRIX_PY $MPCTL_REPLICA/$MPCTL_REPLICAS $MPCTL_ATTEMPT $MPCTL_PROCESS"'
`,
      'top.env': 'A=top\nB=top\n',
      'own.env': 'C=own\nD=own\n',
    });
    const { stdout } = await runCli(['run'], { cwd, environment: { OUTER: 'outer', A: 'outside' } });
    expect(stdout).toContain('] top spec own process outer 3.10 1/2 1 show-3.10-1\n');
    expect(stdout).toContain('] top spec own process outer 3.10 2/2 1 show-3.10-2\n');
  });
});

describe('what the run prints', () => {
  // The line of `b` is printed between those of `a`.
  const until = (file: string): string => `until [ -e ${file} ]; do sleep 0.02; done`;
  const two = `processes:\n  a: {command: "echo a1; touch a; ${until('b')}; echo a2"}\n  b: {command: "${until('a')}; echo b1; touch b"}\n`;
  it('stands together for each process with `--output grouped`', async () => {
    const { stdout } = await run(two, ['--output', 'grouped']);
    expect(stdout).toMatch(/a1\n.*a2\n/u);
    expect(stdout).toContain('b1\n');
  });

  it('is only the end with `--output quiet`', async () => {
    const { stdout, exitCode } = await run(two, ['--output', 'quiet']);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('a1');
  });

  it('has times with `--timestamps`', async () => {
    const { stdout } = await run(two, ['--timestamps']);
    expect(stdout).toMatch(/\d\d:\d\d:\d\d\.\d{3}.*\[a\] a1\n/u);
  });

  it('has colour off a terminal only where `FORCE_COLOR` asks for it, which `--no-color` overrules', async () => {
    const hasColour = async (argv: readonly string[], environment: Readonly<Record<string, string>>): Promise<boolean> => {
      const { stdout, stderr } = await run(two, argv, environment);
      return `${stdout}${stderr}`.includes('\u001B[');
    };
    expect(await hasColour([], {})).toBe(false);
    expect(await hasColour([], { FORCE_COLOR: '1' })).toBe(true);
    expect(await hasColour(['--no-color'], { FORCE_COLOR: '1' })).toBe(false);
  });

  it('is a sequence of events with `--format json` that makes sense', async () => {
    const { stdout, stderr } = await run(two, ['--format', 'json']);
    expect(stderr).toBe('');
    const events = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as { v: number; at: number; type: string; instance?: string });
    expect(events.every(({ v, at }) => v === 1 && Number.isInteger(at))).toBe(true);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((one, other) => one - other));
    expect(events.at(0)?.type).toBe('run.started');
    expect(events.at(-1)?.type).toBe('run.ended');
    for (const name of ['a', 'b']) {
      const own = events.filter(({ instance }) => instance === name).map(({ type }) => type);
      expect(own.at(0)).toBe('instance.started');
      expect(own.at(-1)).toBe('instance.ended');
      expect(own.filter((type) => type === 'output')).toHaveLength(name === 'a' ? 2 : 1);
    }
  });
});

it('keeps the logs in the state folder where the project cannot be written', async () => {
  const cwd = tempFolder({ 'mpctl.yaml': 'processes: {a: {command: [echo, hello]}}', '.mpctl': '' });
  const state = tempFolder();
  expect(await runCli(['run'], { cwd, environment: { XDG_STATE_HOME: state } })).toMatchObject({ exitCode: 0 });
  const runs = path.join(state, 'mpctl', 'runs');
  const [id] = readdirSync(runs);
  expect(existsSync(path.join(runs, id ?? '', 'a.log'))).toBe(true);
});

it('a pool that has ended runs again when it is started, and reads its lines from the beginning', async () => {
  const cwd = tempFolder({
    'names.txt': 'one\ntwo\n',
    'mpctl.yaml': `
pools: { p: { workers: 1, tasks: { lines: names.txt }, command: [echo, "\${{ item }}"], results: { file: results.jsonl } } }
processes: { s: { steps: [{ join: p }, { start: p }, { join: p }, { print: over }] } }
`,
  });
  const result = await runCli(['run'], { cwd });
  expect(result.exitCode).toBe(0);
  expect(result.stdout.match(/^\[.*\] \w+$/gmu)).toEqual(['[p-1] one', '[p-1] two', '[p-1] one', '[p-1] two', '[s] over']);
  const tasks = readFileSync(path.join(cwd, 'results.jsonl'), 'utf8').trim().split('\n');
  expect(tasks.map((line) => /"task":\d/u.exec(line)?.[0])).toEqual(['"task":0', '"task":1', '"task":0', '"task":1']);
});

it('a run inside a run fills in its own variables, and gives them to the process', async () => {
  const outer = { MPCTL_RUN_ID: 'outer', MPCTL_ATTEMPT: '7', MPCTL_RUN_DIR: '/outer' };
  const { exitCode, stdout } = await run(
    `processes: { a: { command: [sh, -c, '[ "$1 $2 $3" = "$MPCTL_RUN_ID $MPCTL_ATTEMPT $MPCTL_RUN_DIR" ] && echo "same $2"', x, "\${{ env.MPCTL_RUN_ID }}", "\${{ env.MPCTL_ATTEMPT }}", "\${{ env.MPCTL_RUN_DIR }}"] } }`,
    [],
    outer,
  );
  expect(exitCode).toBe(0);
  expect(stdout).toContain('same 1');
});
