import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { callMain, type CallResult } from '../../rig/call-main.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

/** What `mpctl check` says of these bytes: the first line of each finding, and the exit code. */
async function check(spec: string | Uint8Array): Promise<{ readonly findings: readonly string[]; readonly code: unknown }> {
  const cwd = tempFolder();
  writeFileSync(path.join(cwd, 'mpctl.yaml'), spec);
  return outcomeOf(await callMain(['check'], { cwd }));
}

function outcomeOf({ stdout, stderr, exit }: CallResult): { readonly findings: readonly string[]; readonly code: unknown } {
  const lines = `${stdout}${stderr}`.split('\n');
  const findings = lines.flatMap((line, index) => {
    if (!line.startsWith('error[')) return [];
    const place = /^ *--> (?<place>.*)$/.exec(lines[index + 1] ?? '')?.groups?.['place'];
    // How often it comes about is in every line, and each is of a spec that no run takes.
    const said = line.replace(/ \(every run\)$/u, '');
    return [place === undefined ? said : `${place} ${said}`];
  });
  return { findings, code: exit.type === 'code' ? exit.code : exit };
}

describe('text that is no spec', () => {
  it.each([
    ['prose', 'Dear Sir or Madam,\nplease run this.\n', ['mpctl.yaml:1:1 error[MP103]: a spec is a mapping of keys such as `processes`, and this is none']],
    ['an open quote', 'name: "x\n', ['mpctl.yaml:1:7 error[MP110]: a quote is opened here and never closed']],
    [
      'an open quote, and keys behind it',
      'processes:\n  a:\n    command: "x\n  b:\n    command: "y"\n',
      ['mpctl.yaml:3:14 error[MP110]: a quote is opened here and never closed'],
    ],
    [
      'quoted text that goes on at the margin',
      'processes:\n  a:\n    command: "one\ntwo"\n    timeout: 5s\n  b:\n    command: "x\ny"\n',
      ['mpctl.yaml:3:14 error[MP110]: the quoted text that begins here goes on in line 4, which is not indented as a part of it'],
    ],
    [
      'a text block that goes on at the margin',
      'processes:\n  a:\n    command: |\n      one\ntwo\n    timeout: 5s\n',
      ['mpctl.yaml:5:1 error[MP110]: a line has no `:`, so that YAML takes it and the next one for a single key'],
    ],
    [
      'an open bracket',
      'processes:\n  a:\n    command: [x\n  b:\n    command: [y]\n',
      ['mpctl.yaml:3:14 error[MP110]: a bracket is opened here and not closed before line 4'],
    ],
    [
      'two open brackets, one of them behind letters beyond ASCII and with other line ends',
      'processes:\r\n  a: { "ü🐘": [x\r\n  b:\r\n    command: [y,\r\n      z\r\n  c: {}\r\n',
      [
        'mpctl.yaml:2:15 error[MP110]: a bracket is opened here and not closed before line 3',
        'mpctl.yaml:4:14 error[MP110]: a bracket is opened here and not closed before line 6',
      ],
    ],
    [
      'a list that goes on at the margin',
      'processes:\n  a:\n    command: [x,\n  y]\n',
      ['mpctl.yaml:4:3 error[MP110]: a bracket is opened further up, and this line is not indented as a part of it'],
    ],
    [
      'a bracket that is closed as another kind',
      'processes:\n  a: { command: [x, y }\n  b: { command: [z] }\n',
      ['mpctl.yaml:2:23 error[MP110]: a `}` stands where the `[` before it is still open'],
    ],
    ['a bracket too many', 'processes:\n  a:\n    command: [x]]\n    args: [y]\n', ['mpctl.yaml:3:17 error[MP110]: the `]` closes nothing']],
    ['an open bracket at the end', 'processes:\n  a:\n    command: [x, [y]\n', ['mpctl.yaml:3:14 error[MP110]: a bracket is opened here and never closed']],
    ['an open bracket at the end', 'a: [\n', ['mpctl.yaml:1:4 error[MP110]: a bracket is opened here and never closed']],
    [
      'an open brace at the end, behind one that is closed',
      'processes:\n  a: { command: [x], environment: { A: "}" }\n\n',
      ['mpctl.yaml:2:6 error[MP110]: a bracket is opened here and never closed'],
    ],
    [
      'a line that is indented unlike its neighbours',
      'processes:\n  a:\n    command: [x]\n   b:\n    command: [y]\n',
      ['mpctl.yaml:4:4 error[MP110]: the line is indented unlike the keys beside it'],
    ],
    [
      'a line that is indented below a value',
      'processes:\n  a:\n    command: x\n      # more\n      timeout: 5s\n',
      ['mpctl.yaml:5:7 error[MP110]: the line is indented unlike the keys beside it'],
    ],
    [
      'a line that is indented as a part of the value above it',
      'processes:\n  a:\n    command: x\n      and more\n\n      timeout: 5s\n',
      ['mpctl.yaml:6:7 error[MP110]: the line is indented as a part of the key above it, which has a value already'],
    ],
    [
      'a step with a key that is indented unlike it',
      'processes:\n  a:\n    steps:\n      - run: x\n       as: y\n',
      ['mpctl.yaml:5:8 error[MP110]: the line is indented unlike the keys beside it'],
    ],
    [
      'a step that is indented unlike the others',
      'processes:\n  a:\n    steps:\n     - run: x\n      - run: y\n',
      ['mpctl.yaml:5:7 error[MP110]: the line is indented unlike the items beside it'],
    ],
    [
      'an item among keys',
      'processes:\n  a:\n    command: x\n    - y\n',
      ['mpctl.yaml:4:5 error[MP110]: an item of a list stands among the keys of a mapping'],
    ],
    ['a key without a space', 'processes:\n  a:\n    command:x\n    args: [y]\n', ['mpctl.yaml:3:12 error[MP110]: behind this `:` a space is missing']],
    ['tabs', 'processes:\n\ta:\n', ['mpctl.yaml:2:1 error[MP111]: the line is indented with a tab, and YAML counts spaces']],
    ['an empty file', '', ['mpctl.yaml:1:1 error[MP112]: `mpctl.yaml` is empty, and a spec is a mapping']],
    ['only comments', '# later\n', ['mpctl.yaml:1:1 error[MP112]: `mpctl.yaml` is empty, and a spec is a mapping']],
    ['a tag', 'name: !secret x\n', ['mpctl.yaml:1:7 error[MP110]: a tag (`!…`) is not known in a spec']],
    [
      'two documents',
      'name: a\n---\nname: b\n',
      ['mpctl.yaml:2:1 error[MP116]: the file holds more than one YAML document, and a spec is one'],
    ],
    [
      'a colon in a text',
      'processes:\n  a:\n    command: echo a: b\n',
      ['mpctl.yaml:3:14 error[MP132]: the text has a `: ` in it, which YAML takes for the end of a key'],
    ],
    [
      'a template without quotes in a list',
      'processes:\n  a:\n    command: [echo, ${{ env.X }}]\n',
      [
        'mpctl.yaml:3:21 error[MP119]: `${{ env.X }}` stands without quotes within `[ ]` or `{ }`, where YAML reads `{` as a mapping',
      ],
    ],
    [
      'a template without quotes in a mapping',
      'processes:\n  a: {command: [x], timeout: ${{ env.X }}}\n',
      [
        'mpctl.yaml:2:30 error[MP119]: `${{ env.X }}` stands without quotes within `[ ]` or `{ }`, where YAML reads `{` as a mapping',
      ],
    ],
    [
      'a pattern that begins with a star',
      'pools:\n  p: {command: [x], tasks: {glob: **/*.ts}}\n',
      ['mpctl.yaml:2:35 error[MP120]: `**/*.ts` begins with `*`, which YAML takes for an alias'],
    ],
    [
      'an alias of nothing',
      'processes:\n  a: *base\n',
      ['mpctl.yaml:2:6 error[MP117]: the alias `*base` repeats a value that nothing before it names `&base`'],
    ],
    [
      'a merge of no mapping',
      'processes:\n  a:\n    <<: [1]\n    command: [x]\n',
      ['mpctl.yaml:3:10 error[MP118]: `<<` merges a mapping or a list of mappings, and found something else'],
    ],
    ['a value within itself', 'values: &v\n  a: *v\n', ['mpctl.yaml:2:6 error[MP114]: the alias holds itself: its values nest more than 200 levels deep']],
    [
      'brackets without end',
      `values: { a: ${'['.repeat(100_000)} }\n`,
      ['mpctl.yaml:1:14 error[MP110]: the text nests brackets or lists deeper than any spec'],
    ],
  ])('%s', async (_, spec, findings) => {
    expect(await check(spec)).toEqual({ findings, code: 3 });
  });

  it('a binary file', async () => {
    const program = Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0xff, 0xfe, 0x80]);
    expect(await check(program)).toEqual({
      findings: ['error[MP115]: `mpctl.yaml` is not text: its bytes are not UTF-8'],
      code: 3,
    });
  });

  it('text with control characters', async () => {
    expect(await check('name: a\u0000b\n')).toEqual({
      findings: ['error[MP115]: `mpctl.yaml` is not text: it holds characters that no text has'],
      code: 3,
    });
  });

  it('another encoding', async () => {
    expect(await check(Buffer.from('\uFEFFname: x\n', 'utf16le'))).toEqual({
      findings: ['error[MP115]: `mpctl.yaml` is UTF-16, and a spec is UTF-8'],
      code: 3,
    });
  });

  it('a file of 10 MB', async () => {
    expect(await check(new Uint8Array(10_000_000).fill(0x23))).toEqual({
      findings: ['error[MP113]: `mpctl.yaml` is larger than 8 MiB, and no spec is'],
      code: 3,
    });
  });

  it('an alias bomb', async () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const below = level === 0 ? 'x' : `*l${level - 1}`;
      return `  v${level}: &l${level} [${Array.from({ length: 9 }, () => below).join(', ')}]`;
    });
    expect(await check(`values:\n${levels.join('\n')}\n`)).toEqual({
      findings: ['mpctl.yaml:7:12 error[MP114]: the aliases of this file expand to more than 100494 values'],
      code: 3,
    });
  });
});

describe('YAML that is no spec', () => {
  it.each([
    [
      'a key twice',
      'processes:\n  a:\n    command: [x]\n    command: [y]\n',
      ['mpctl.yaml:4:5 error[MP104]: the key `command` stands twice in a process'],
    ],
    [
      'a name twice in two sections',
      'locks:\n  a:\nprocesses:\n  a:\n    command: [x]\n',
      ['mpctl.yaml:4:3 error[MP104]: the name `a` is given twice, and names are unique in the whole spec'],
    ],
    [
      'unknown keys',
      'procesess: {}\nprocesses:\n  a:\n    comand: [x]\n    healthcheck: {}\n',
      [
        'mpctl.yaml:1:1 error[MP101]: unknown key `procesess` in the spec',
        'mpctl.yaml:4:5 error[MP101]: unknown key `comand` in a process',
        'mpctl.yaml:5:5 error[MP101]: unknown key `healthcheck` in a process',
      ],
    ],
    [
      'wrong types',
      'timeout: 5\nsemaphores:\n  s: many\nprocesses:\n  a:\n    command: {x: y}\n    replicas: -1\n    tty: "yes"\n    depends_on: b\n    restart:\n',
      [
        'mpctl.yaml:1:10 error[MP103]: `timeout` is `5`; expected a duration above zero with its unit, such as `250ms`, `2s`, `1m30s` or `1h`',
        'mpctl.yaml:3:6 error[MP103]: `s` is `many`; expected a whole number from 0 or a mapping',
        'mpctl.yaml:6:14 error[MP103]: `command` is a mapping; expected a command or a list',
        'mpctl.yaml:7:15 error[MP103]: `replicas` is `-1`; expected a whole number from 1',
        'mpctl.yaml:8:10 error[MP103]: `tty` is `yes`; expected `true` or `false`',
        'mpctl.yaml:9:17 error[MP103]: `depends_on` is `b`; expected a list or a mapping',
        'mpctl.yaml:10:5 error[MP103]: `restart` has no value; expected one of `no`, `on_failure`, `always`',
      ],
    ],
    [
      'variables without a name',
      'environment: [=x, A=1]\nprocesses:\n  a:\n    command: [x]\n    environment: {"B=C": 1}\n',
      [
        "mpctl.yaml:1:15 error[MP103]: an item of `environment` is `=x`; expected `NAME=VALUE`, or the name of one of mpctl's own variables",
        'mpctl.yaml:5:19 error[MP108]: `B=C` cannot be a key of `environment`; expected the name of a variable, which has no `=` in it',
      ],
    ],
    [
      'what this version does not build',
      'queues:\n  q: {durable: true}\nprocesses:\n  a:\n    command: [x]\n',
      [
        'mpctl.yaml:2:7 error[MP126]: `durable` is not in this version',
      ],
    ],
  ])('%s', async (_, spec, findings) => {
    expect(await check(spec)).toEqual({ findings, code: 3 });
  });

  it('many findings: all are counted, fifty are shown', async () => {
    const keys = Array.from({ length: 60 }, (_, index) => `unknown${index}: 1`).join('\n');
    const cwd = tempFolder({ 'mpctl.yaml': `${keys}\n` });
    const outcome = outcomeOf(await callMain(['check'], { cwd }));
    expect(outcome.findings).toHaveLength(50);
  });
});

describe('names that stand for nothing', () => {
  it.each([
    [
      'references',
      'processes:\n  a:\n    command: [x]\n    depends_on: [b]\n    wait_for: [c]\n    with: d\n    sets: {exit: e}\n    stdin: {queue: f}\n    uses: {g: put}\n  steps:\n    steps:\n      - put: h\n        item: 1\n',
      [
        'mpctl.yaml:4:18 error[MP105]: there is no process or pool `b`',
        'mpctl.yaml:5:16 error[MP105]: there is no event or barrier `c`',
        'mpctl.yaml:6:11 error[MP105]: there is no lock or semaphore `d`',
        'mpctl.yaml:7:18 error[MP105]: there is no event `e`',
        'mpctl.yaml:8:20 error[MP105]: there is no queue `f`',
        'mpctl.yaml:9:12 error[MP105]: there is no queue `g`',
        'mpctl.yaml:12:14 error[MP105]: there is no queue `h`',
      ],
    ],
    [
      'an instance',
      'processes:\n  a:\n    command: [x]\n    replicas: 2\n  b:\n    command: [x]\n    depends_on: [a-3]\n',
      ['mpctl.yaml:7:18 error[MP105]: there is no process or pool `a-3`'],
    ],
    [
      'variables',
      'processes:\n  a:\n    command: [x, "${{ env.NOPE }}", "${{ process.b.pid }}"]\n  c:\n    steps:\n      - print: "${{ vars.nope }}"\n',
      [
        'mpctl.yaml:3:18 error[MP121]: `${{ env.NOPE }}` stands for nothing: `env.NOPE` is not set here',
        'mpctl.yaml:3:37 error[MP105]: there is no process `b`',
        'mpctl.yaml:6:16 error[MP136]: `${{ vars.nope }}` is a variable of steps, and no step sets one here',
      ],
    ],
    [
      'waits in a circle, the smallest one',
      'processes:\n  a:\n    command: [x]\n    depends_on: [b]\n  b:\n    command: [x]\n    depends_on: [c, d]\n  c:\n    command: [x]\n    depends_on: [a]\n  d:\n    command: [x]\n    depends_on: [b]\n',
      ['mpctl.yaml:7:21 error[MP202]: `b` → `d` → `b` wait for each other in a circle, so none of them can start'],
    ],
  ])('%s', async (_, spec, findings) => {
    expect(await check(spec)).toEqual({ findings, code: 3 });
  });
});

describe('a path that is no spec', () => {
  it('a folder where the spec would be', async () => {
    const cwd = tempFolder({ 'service/mpctl.yaml/notes.txt': '' });
    expect(outcomeOf(await callMain(['check', 'service'], { cwd }))).toEqual({ findings: ['error[MP012]: the folder `service/mpctl.yaml` has no `mpctl.yaml` and no `mpctl.yml`'], code: 4 });
  });

  it('a folder that is included', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'include: parts\n', 'parts/locks.yaml': '' });
    expect(outcomeOf(await callMain(['check'], { cwd }))).toEqual({ findings: ['mpctl.yaml:1:10 error[MP127]: the included file `parts` cannot be read: it is a folder'], code: 3 });
  });

  it('a folder without a spec', async () => {
    const cwd = tempFolder({ 'src/readme.md': '' });
    expect(outcomeOf(await callMain(['check', 'src'], { cwd }))).toEqual({
      findings: ['error[MP012]: the folder `src` has no `mpctl.yaml` and no `mpctl.yml`'],
      code: 4,
    });
  });

  it('a file that is not there', async () => {
    expect(outcomeOf(await callMain(['check', 'other.yaml'], { cwd: tempFolder() }))).toEqual({
      findings: ['error[MP010]: the spec `other.yaml` does not exist'],
      code: 4,
    });
  });

  it('an endless device', async () => {
    const cwd = tempFolder();
    symlinkSync('/dev/zero', path.join(cwd, 'zero.yaml'));
    expect(outcomeOf(await callMain(['check', 'zero.yaml'], { cwd })).findings).toEqual([
      'error[MP113]: `zero.yaml` is larger than 8 MiB, and no spec is',
    ]);
  });
});
