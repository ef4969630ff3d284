import { describe, expect, it } from 'vitest';
import { present } from '../../../src/base/invariant.ts';
import type { Place } from '../../../src/base/place.ts';
import type { SourceRange } from '../../../src/diagnostics/source.ts';
import { loadSpec } from '../../../src/spec/load-spec.ts';
import type { LoadedSpec } from '../../../src/spec/loaded-spec.ts';
import { memoryHost } from './memory-host.ts';

function load(text: string, others: Readonly<Record<string, string>> = {}): LoadedSpec {
  const { loaded, diagnostics } = loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': text, ...others }));
  expect(diagnostics).toEqual([]);
  return present(loaded, 'it was valid');
}

function messages(text: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  return loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': text, ...others })).diagnostics.map(
    ({ code, message, range }) => `${range?.source.name ?? ''} ${code} ${message}`,
  );
}

function written({ source, start, end }: SourceRange): string {
  return source.text.slice(start, end);
}

describe('values', () => {
  it('keeps text as it is written where text is wanted, and reads YAML elsewhere', () => {
    const { spec } = load(`
processes:
  a:
    command: [3.10, 0644, true, ~, "5", 'x', 1e3, 0x10]
    environment: { A: 3.10, B: true, C: , D: 0644, E: "" }
    matrix: { py: [3.10, 3.11], include: [{ py: 3.12, os: 010 }] }
    success_exit_codes: [0, 0x10]
values: { v: 3.10, w: { x: true, y: ~ } }
pools:
  p: { command: [x], tasks: [1.0, { version: 3.10 }] }
`);
    expect(spec.processes['a']).toMatchObject({
      command: ['3.10', '0644', 'true', '~', '5', 'x', '1e3', '0x10'],
      environment: { A: '3.10', B: 'true', C: null, D: '0644', E: '' },
      matrix: { py: ['3.10', '3.11'], include: [{ py: '3.12', os: '010' }], exclude: [] },
      success_exit_codes: [0, 16],
    });
    expect(spec.values).toEqual({ v: 3.1, w: { x: true, y: null } });
    expect(spec.pools['p']?.tasks).toEqual(['1.0', { version: '3.10' }]);
  });

  it('fills in the defaults of the shape', () => {
    const { spec } = load('processes: { a: { command: x } }\nqueues: { q: { capacity: 3 } }\nlocks:\n');
    expect(spec).toMatchObject({ on_failure: 'stop', shell: ['/bin/sh', '-e', '-c'], working_dir: '.', locks: {}, daemons: {} });
    expect(spec.processes['a']).toMatchObject({
      restart: 'no',
      autostart: true,
      allow_failure: false,
      success_exit_codes: [0],
      max_restarts: { count: 5, within: '1m' },
      backoff: { initial: '200ms', max: '30s', factor: 2, jitter: 0.1 },
      log: { max_size: '50M', keep: 10, max_line: '64K' },
    });
    expect(spec.queues['q']).toMatchObject({ capacity: 3, order: 'fifo', on_consumer_death: 'drop', items: [] });
  });

  it('takes a template in place of numbers, flags, words, durations and names', () => {
    const { spec } = load(`
processes:
  a:
    command: [x]
    replicas: \${{ env.N }}
    tty: \${{ env.TTY || false }}
    restart: \${{ env.RESTART || 'no' }}
    timeout: \${{ env.T }}
    depends_on: ["\${{ env.D }}"]
semaphores: { s: "\${{ cpu_count }}" }
`);
    expect(spec.processes['a']).toMatchObject({ replicas: '${{ env.N }}', restart: "${{ env.RESTART || 'no' }}", timeout: '${{ env.T }}' });
    expect(spec.semaphores['s']).toBe('${{ cpu_count }}');
  });

  it('leaves keys that begin with x- alone at every level', () => {
    const { spec } = load('x-a: [1]\nprocesses:\n  x-base: 5\n  a: { command: [x], x-note: { any: thing } }\n');
    expect(Object.keys(spec.processes)).toEqual(['a']);
    expect(spec.processes['a']).not.toHaveProperty('x-note');
  });

  it('resolves aliases and merge keys; what the mapping itself says wins, then the earlier merge', () => {
    const { spec } = load(`
x-one: &one { restart: always, tty: true }
x-two: &two { restart: on_failure, timeout: 5s }
processes:
  a: &a { <<: [*one, *two], command: &c [x], tty: false }
  b: { <<: *a, restart: no }
  c: { command: *c }
`);
    expect(spec.processes['a']).toMatchObject({ restart: 'always', tty: false, timeout: '5s', command: ['x'] });
    expect(spec.processes['b']).toMatchObject({ restart: 'no', tty: false, timeout: '5s', command: ['x'] });
    expect(spec.processes['c']).toMatchObject({ command: ['x'] });
  });

  it('an anchor that is set again stands for the last value before the alias', () => {
    const { spec } = load('values:\n  a: &v 1\n  b: *v\n  c: &v 2\n  d: *v\n');
    expect(spec.values).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });
});

describe('findings', () => {
  it('name a list once, also where something else may stand for it', () => {
    const { diagnostics } = loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': 'queues: { q: }\nprocesses:\n  a: { steps: [{ put: q, items: 7 }, { put: q, items: { a: 1 } }] }\n' }));
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '`items` is `7`; expected a list, or one `${{ }}` that gives a list',
      '`items` is a mapping; expected a list, or one `${{ }}` that gives a list',
    ]);
  });

  it('come all at once, in the order of the file', () => {
    const { diagnostics, loaded } = loadSpec(
      'mpctl.yaml',
      memoryHost({ 'mpctl.yaml': 'timeout: 5\nprocesses:\n  a: { comand: x }\n  b: { command: [x], steps: [] }\n' }),
    );
    expect(loaded?.isWhole).toBe(false);
    expect(diagnostics.map(({ code }) => code)).toEqual(['MP103', 'MP101', 'MP107', 'MP103']);
    const starts = diagnostics.map(({ range }) => range?.start ?? 0);
    expect(starts).toEqual(starts.toSorted((left, right) => left - right));
  });

  it('in a value that several aliases repeat counts once, and names the alias', () => {
    const { diagnostics } = loadSpec(
      'mpctl.yaml',
      memoryHost({ 'mpctl.yaml': 'x-base: &base { commando: [x] }\nprocesses:\n  a: *base\n  b: *base\n' }),
    );
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.related.map(({ message, range }) => `${message}: ${written(range)}`)).toEqual([
      'it comes in through this alias: *base',
    ]);
  });

  it.each([
    ['service_healthy', 'write `ready`'],
    ['service_completed_successfully', 'write `success`'],
    ['process_completed', 'write `exit`'],
    ['redy', 'did you mean `ready`?'],
  ])('a moment called %s: %s', (condition, hint) => {
    const text = `processes:\n  a: { command: [x] }\n  b: { command: [x], depends_on: { a: { condition: ${condition} } } }\n`;
    expect(loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': text })).diagnostics.map((each) => each.hint)).toEqual([hint]);
  });

  it.each([
    ['timeout: 5', 'write `5s`'],
    ['timeout: 5 minutes', 'write `5m`'],
    ['timeout: 1 hour 30 min', 'write `1h30m`'],
    ['stop: { signal: 15 }', 'write `SIGTERM`'],
    ['stop: { signal: int }', 'write `SIGINT`'],
    ['log: { max_size: 50MB }', 'write `50M`'],
    ['tty: yes', 'write `true`'],
    ['replicas: "3"', 'write `3` without quotes'],
    ['restart: on-failure', 'did you mean `on_failure`?'],
    ['continue-on-error: true', 'mpctl says `allow_failure`'],
    ['healthcheck: {}', 'mpctl says `readiness_probe: {exec: COMMAND}`, or `http_get`, `tcp_socket`, `log_line`'],
    ['cwd: x', 'mpctl says `working_dir`'],
    ['env: {}', 'mpctl says `environment`'],
    ['needs: []', 'mpctl says `depends_on`'],
    ['depends: [b]', 'mpctl says `depends_on`'],
    ['workers: 3', 'mpctl says `replicas`; a fixed number of workers for many tasks stands under `pools`'],
    ['ready: { port: 80 }', 'mpctl says `readiness_probe: {exec: COMMAND}`, or `http_get`, `tcp_socket`, `log_line`'],
  ])('%s: %s', (line, hint) => {
    const text = `processes:\n  a:\n    command: [x]\n    ${line}\n`;
    expect(loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': text })).diagnostics.map((each) => each.hint)).toEqual([hint]);
  });

  it.each([
    ['9007199254740993', 'which is beyond 2**53 - 1 and would not survive JSON'],
    ['0x20000000000001', 'which is beyond 2**53 - 1 and would not survive JSON'],
    ['{ a: [-9007199254740993] }', 'which is beyond 2**53 - 1 and would not survive JSON'],
    ['1e999', 'which JSON cannot carry'],
  ])('refuses a number that would become another: %s', (value, why) => {
    expect(messages(`values: { v: ${value} }\n`)).toEqual([expect.stringContaining(why)]);
    expect(messages(`queues: { q: { items: [9007199254740991, "9007199254740993", ${value}] } }\n`).filter((message) => message.includes('MP103'))).toEqual([expect.stringContaining(why)]);
  });

  it.each([
    ['tasks: { files: "*.c" }', 'mpctl says `glob` for files, `lines` for the lines of one'],
    ['tasks: { count: 5 }', 'mpctl says `range: [1, COUNT]`'],
    ['worker: 3', 'keep one of them, or did you mean `workers` by `worker`?'],
    ['worker: cpus', 'keep one of them, or did you mean `workers` by `worker`?'],
    ['worker: [python, worker.py]', 'keep one of them'],
    ['worker: 3\n    workers: 3', 'keep one of them'],
  ])('in a pool, %s: %s', (line, hint) => {
    const text = `pools:\n  p:\n    command: [x]\n    ${line}\n`;
    expect(loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': text })).diagnostics.map((each) => each.hint)).toEqual([hint]);
  });

  it.each([
    ['a b', 'write `a-b`'],
    ['ünder', 'write `under`'],
    ['1st', 'write `_1st`'],
    ['__proto__', 'write `proto`'],
    ['日本', null],
  ])('a name that cannot be used, %s, gets one near to it that can, and never itself', (name, hint) => {
    const text = `processes:\n  "${name}": { command: [x] }\n`;
    expect(loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': text })).diagnostics.map((each) => each.hint)).toEqual([hint]);
  });

  it.each([
    ['{ a: { command: echo: x } }', "write `command: \"echo: x\"`"],
    ['{ a: { command: echo "a: b" now, with: l } }', "write `command: 'echo \"a: b\" now'`"],
  ])('a colon in an unquoted text within braces, %s: %s', (processes, hint) => {
    const [finding] = loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': `locks: { l: }\nprocesses: ${processes}\n` })).diagnostics;
    expect([finding?.code, finding?.hint]).toEqual(['MP132', hint]);
  });

  it.each(['max', 'limit', 'capacity', 'count'])('the permits of a semaphore are no `%s`', (word) => {
    const text = `semaphores: { s: { ${word}: 3 } }\nprocesses: { a: { command: [x], with: s } }\n`;
    expect(loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': text })).diagnostics.map((each) => each.hint)).toContain('mpctl says `permits`');
  });

  it('the tasks of a pool are many', () => {
    const text = 'pools:\n  p: { command: [x], tasks: { nothing: 1 } }\n';
    const [finding] = loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': text })).diagnostics;
    expect(finding?.message).toBe('the tasks need one of `queue`, `matrix`, `lines`, `glob`, `range` or `stdin`');
  });

  it('a template points at itself within its text', () => {
    const { diagnostics } = loadSpec('mpctl.yaml', memoryHost({ 'mpctl.yaml': 'processes:\n  a: { command: "echo ${{ env.A }} ${{ item }}" }\n' }));
    expect(diagnostics.map(({ range }) => range !== null && written(range))).toEqual(['${{ env.A }}', '${{ item }}']);
  });

  it('a dollar sign that no shell expands is found in print only', () => {
    const text = 'processes:\n  a:\n    steps:\n      - print: "$5 and $ and ${{ env.X }}"\n      - run: echo $HOME\n      - print: "$HOME"\n';
    expect(messages(text)).toEqual(['mpctl.yaml MP133 `print` has no shell, so `$HOME` would be printed as it is']);
  });

  it('a name that would be no plain property is refused', () => {
    expect(messages('processes:\n  __proto__: { command: [x] }\nvalues: { v: { __proto__: 1 } }\n')).toEqual([
      expect.stringMatching(/^mpctl\.yaml MP109 `__proto__` is no name/),
      'mpctl.yaml MP108 `__proto__` cannot be a key of `v`',
    ]);
  });
});

describe('included files', () => {
  const main = 'include: [parts/common.yaml]\nprocesses:\n  a: { command: [x], depends_on: [b] }\n';

  it('bring what they define, and know where it is written', () => {
    const loaded = load(main, {
      'parts/common.yaml': 'include: more.yaml\nprocesses:\n  b: { command: [y], env_file: .env }\n',
      'parts/more.yaml': 'locks: { l: }\n',
    });
    expect(Object.keys(loaded.spec.processes)).toEqual(['a', 'b']);
    expect(loaded.spec.locks).toEqual({ l: null });
    const place: Place = ['processes', 'b', 'env_file'];
    expect(loaded.locate(place, 'value').source.name).toBe('parts/common.yaml');
    expect(written(loaded.locate(place, 'value'))).toBe('.env');
    expect(loaded.folderOf(place)).toBe('/project/parts');
    expect(loaded.folderOf(['processes', 'a'])).toBe('/project');
    expect(written(loaded.locate(['locks', 'l'], 'value'))).toBe('l');
  });

  it('a name in two files shows both places', () => {
    const { diagnostics } = loadSpec(
      'mpctl.yaml',
      memoryHost({ 'mpctl.yaml': main, 'parts/common.yaml': 'processes:\n  b: { command: [y] }\nlocks: { a: }\n' }),
    );
    expect(diagnostics.map(({ code, range, related }) => [code, range?.source.name, related[0]?.range.source.name])).toEqual([
      ['MP104', 'parts/common.yaml', 'mpctl.yaml'],
    ]);
  });

  it('a file that two others include is read once', () => {
    const { spec } = load('include: [a.yaml, b.yaml]\n', {
      'a.yaml': 'include: [c.yaml]\n',
      'b.yaml': 'include: [c.yaml]\n',
      'c.yaml': 'events: { e: }\n',
    });
    expect(spec.events).toEqual({ e: null });
  });

  it('a file that includes itself through another is refused', () => {
    expect(messages('include: [a.yaml]\n', { 'a.yaml': 'include: [mpctl.yaml]\n' })).toEqual([
      'a.yaml MP128 the file includes itself: `mpctl.yaml` → `a.yaml` → `mpctl.yaml`',
    ]);
  });

  it('what holds for the run stands in the main file', () => {
    expect(messages('include: a.yaml\n', { 'a.yaml': 'timeout: 5s\n' })).toEqual(['a.yaml MP101 unknown key `timeout` in an included file']);
  });

  it('a file that is missing is named where it is included', () => {
    expect(messages('include: a.yaml\n')).toEqual(['mpctl.yaml MP127 the included file `a.yaml` cannot be read: it does not exist']);
  });

  it('their findings come with those of the main file', () => {
    expect(messages('include: [a.yaml]\ntimeout: 5\n', { 'a.yaml': 'locks: { l: 3 }\n' })).toEqual([
      'a.yaml MP103 `l` is `3`; expected no value or a mapping',
      expect.stringMatching(/^mpctl\.yaml MP103 `timeout` is `5`/),
    ]);
  });

  it('a path may name what is known before anything is read', () => {
    const host = memoryHost({ 'mpctl.yaml': 'include: ["${{ env.STAGE }}.yaml"]\n', 'test.yaml': 'locks: { l: }\n' }, { STAGE: 'test' });
    expect(loadSpec('mpctl.yaml', host).loaded?.spec.locks).toEqual({ l: null });
  });
});

describe('places', () => {
  const loaded = load(`
x-base: &base { timeout: 5s, command: [x, y] }
processes:
  a: { <<: *base, with: [f] }
  b: *base
locks: { f: }
`);

  it.each<readonly [Place, 'key' | 'value', string]>([
    [['processes', 'a'], 'key', 'a'],
    [['processes', 'a', 'with', 0], 'value', 'f'],
    [['processes', 'a', 'timeout'], 'key', 'timeout'],
    [['processes', 'a', 'timeout'], 'value', '5s'],
    [['processes', 'b', 'command', 1], 'value', 'y'],
    [['processes', 'b', 'restart'], 'value', 'b'],
    [['processes', 'a', 'with', 7], 'value', 'with'],
    [['locks', 'f'], 'value', 'f'],
    [['processes', 'none', 'at', 'all'], 'key', 'processes'],
  ])('%j, the %s, is written as %s', (place, part, text) => {
    expect(written(loaded.locate(place, part))).toBe(text);
  });
});

describe('the file', () => {
  it('a folder stands for the spec in it', () => {
    const { loaded } = loadSpec('sub', memoryHost({ 'sub/mpctl.yml': 'processes: { a: { command: [x] } }\n' }));
    expect(loaded?.file).toBe('sub/mpctl.yml');
    expect(loaded?.folderOf(['processes'])).toBe('/project/sub');
  });

  it('a dash is standard input, in the current folder', () => {
    const { loaded } = loadSpec('-', memoryHost({ '-': 'processes: { a: { command: [x] } }\n' }));
    expect(loaded?.file).toBe('-');
    expect(loaded?.folderOf(['processes'])).toBe('/project');
  });

  it('a byte order mark and Windows line ends change nothing', () => {
    const { spec } = load('\uFEFFprocesses:\r\n  a:\r\n    command: |\r\n      one\r\n      two\r\n');
    expect(spec.processes['a']?.command).toBe('one\ntwo\n');
  });
});
