import { describe, expect, it } from 'vitest';
import { codesOf, planText } from '../../rig/plan-of-text.ts';

/** The wrong and right specs of `examples/diagnostics` are tests too; here are the borders of each rule. */
const silent: readonly (readonly [name: string, text: string])[] = [
  [
    'an instance that waits for another replica',
    'processes: { w: { command: x, matrix: { v: [a, b] } }, x: { command: x, depends_on: [w-a] } }',
  ],
  [
    'the exit of something endless that a step terminates',
    'processes: { p: { command: x, restart: always }, k: { steps: [ { terminate: p }, { join: p } ] } }',
  ],
  [
    'a join of something endless with a timeout',
    'daemons: { d: { command: x, restart: always } }\nprocesses: { k: { steps: [ { join: d, timeout: 1s, on_timeout: continue } ] } }',
  ],
  ['a variable for the shell that a list calls', 'processes: { a: { command: [sh, -c, $SCRIPT] } }'],
  ['words that only look like those of a shell', 'processes: { a: { command: [cut, -d, "|", $1, a$B, "{}"] } }'],
  ['a program in a folder with a space', 'processes: { a: { command: [/opt/my tools/run] } }'],
  ['a placeholder of find', 'pools: { p: { tasks: [a], command: [find, "${{ item }}", -exec, wc, "{}", +] } }'],
  [
    'a terminal with an input that can be typed into it',
    'processes: { a: { command: x, tty: true, stdin: inherit }, b: { command: x, tty: true, stdin: { text: y }, stdout: log } }',
  ],
  [
    'streams of a process without a terminal',
    'processes: { a: { command: x, tty: false, stdin: { file: a }, stdout: null } }',
  ],
  [
    'an unbounded semaphore that may grow',
    'semaphores: { s: { permits: 1, bounded: false } }\nprocesses: { a: { command: x, with: { name: s, permits: 2 } } }',
  ],
  [
    'a reentrant lock taken twice',
    'locks: { l: { reentrant: true } }\nprocesses: { a: { steps: [ { with: l, do: [ { acquire: l } ] } ] } }',
  ],
  ['a reentrant lock that a program takes again', 'locks: { l: { reentrant: true } }\nprocesses: { a: { with: l, command: x, uses: { l: acquire } } }'],
  [
    'a lock taken again after its release',
    'locks: { l: }\nprocesses: { a: { steps: [ { acquire: l }, { release: l }, { acquire: l } ] } }',
  ],
  [
    'a lock that may have been released in a loop',
    'locks: { l: }\nprocesses: { a: { steps: [ { acquire: l }, { repeat: 2, do: [ { release: l }, { acquire: l } ] } ] } }',
  ],
  [
    'a lock that may not have been got in time',
    'locks: { l: }\nprocesses: { a: { steps: [ { acquire: l, timeout: 1s, on_timeout: continue }, { acquire: l } ] } }',
  ],
  [
    'a release of a lock that a program may have taken',
    'locks: { l: }\nprocesses: { a: { uses: { l: acquire }, steps: [ { run: x }, { release: l } ] } }',
  ],
  [
    'a release of a lock held from the start',
    'locks: { l: }\nprocesses: { a: { with: l, steps: [ { release: l } ] } }',
  ],
  [
    'an event that is set initially',
    'events: { e: { set: true } }\nprocesses: { a: { command: x, wait_for: [e] } }',
  ],
  [
    'an event that a program sets',
    'events: { e: }\nprocesses: { a: { command: x, wait_for: [e] }, b: { command: x, uses: { e: set } } }',
  ],
  [
    'a wait for an event that is never set, with something else to do',
    'events: { e: }\nprocesses: { a: { steps: [ { wait: e, timeout: 1s, as: came } ] } }',
  ],
  [
    'a barrier whose parties may be threads',
    'barriers: { b: { parties: 9 } }\nprocesses: { a: { command: x, uses: { b: wait } } }',
  ],
  [
    'a barrier filled by the slots of a pool',
    'barriers: { b: { parties: 3 } }\npools: { p: { workers: 3, tasks: [a, b, c], steps: [ { wait: b } ] } }',
  ],
  [
    'a queue that feeds itself',
    'queues: { q: { items: [a] } }\nprocesses: { a: { steps: [ { each: q, as: x, do: [ { put: q, item: b } ] } ] } }',
  ],
  [
    'a put that says what to do when it fails',
    'queues: { q: }\nprocesses: { a: { steps: [ { put: q, item: 1, allow_failure: true } ] } }',
  ],
  [
    'a pipe whose end runs a program',
    'pipes: { p: { from: a, to: b } }\nprocesses: { a: { steps: [ { run: x } ] }, b: { steps: [ { recv: p } ] } }',
  ],
  [
    'a result of an earlier round',
    'pools: { p: { command: x } }\nprocesses: { a: { steps: [ { repeat: 2, do: [ { submit: p, item: 1, as: r }, { result: r } ] } ] } }',
  ],
  [
    'an endless daemon',
    'daemons: { d: { command: x, restart: always }, e: { steps: [ { repeat: forever, do: [ { sleep: 1s } ] } ] } }\nprocesses: { a: { command: x } }',
  ],
  [
    'an endless process in a run that a step ends',
    'processes: { a: { command: x, restart: always }, b: { steps: [ { sleep: 1s }, { shutdown: 0 } ] } }',
  ],
  [
    'a loop that a step leaves with its process',
    'processes: { a: { steps: [ { repeat: forever, do: [ { join: b, timeout: 1s, on_timeout: [ { exit: 3 } ] } ] } ] }, b: { command: x } }',
  ],
  [
    'a loop that the end of a stream leaves',
    'queues: { q: { items: [a] } }\nprocesses: { a: { steps: [ { repeat: forever, do: [ { get: q } ] } ] } }',
  ],
  ['a loop that is given a time', 'processes: { a: { timeout: 1m, steps: [ { repeat: forever, do: [ { sleep: 1s } ] } ] } }'],
  ['a queue on the stdin of one', 'queues: { q: { items: [a] } }\nprocesses: { a: { command: x, stdin: { queue: q } } }'],
  [
    'a pool that a program submits to',
    'pools: { p: { command: x } }\nprocesses: { a: { command: x, uses: { p: submit } } }',
  ],
];

describe('nothing is said of', () => {
  it.each(silent)('%s', (_, text) => {
    expect(codesOf(text)).toEqual([]);
  });
});

const found: readonly (readonly [name: string, codes: readonly string[], text: string])[] = [
  [
    'a pool that waits for itself',
    ['MP201'],
    'pools: { p: { command: x, tasks: [a], depends_on: [p] } }',
  ],
  [
    'an instance that joins its process',
    ['MP201'],
    'processes: { w: { replicas: 2, steps: [ { join: w } ] } }',
  ],
  [
    'a cycle through one replica',
    ['MP202'],
    'processes: { w: { command: x, replicas: 2, depends_on: [a] }, a: { command: x, depends_on: [w-1] } }',
  ],
  [
    'two cycles',
    ['MP202', 'MP202'],
    'processes: { a: { command: x, depends_on: [b] }, b: { command: x, depends_on: [a] }, c: { command: x, depends_on: [d] }, d: { command: x, depends_on: [c] } }',
  ],
  [
    'of an endless process whose exit finally waits for only that it never ends',
    ['MP701'],
    'processes: { p: { command: x, restart: always } }\nfinally: { f: { command: x, depends_on: { p: { condition: exit } } } }',
  ],
  [
    'steps that go on for ever, in a process, in finally and in a pool',
    ['MP701', 'MP701', 'MP701'],
    'processes: { a: { steps: [ { repeat: forever, do: [ { sleep: 1s } ] } ] } }\nfinally: { f: { steps: [ { repeat: forever, do: [ { sleep: 1s } ] } ] } }\npools: { p: { tasks: [a], steps: [ { repeat: forever, do: [ { sleep: 1s } ] } ] } }',
  ],
  [
    'a loop that the end of an inner one does not leave',
    ['MP701'],
    'queues: { q: { items: [a] } }\nprocesses: { a: { steps: [ { repeat: forever, do: [ { each: q, as: x, do: [ { get: q } ] }, { sleep: 1s } ] } ] } }',
  ],
  [
    'a queue on the stdin of several replicas, of a pool, and beside a step',
    ['MP518', 'MP518', 'MP518'],
    'queues: { q: { items: [a] }, r: { items: [a] }, s: { items: [a] } }\nprocesses: { a: { command: x, replicas: 2, stdin: { queue: q } }, b: { command: x, stdin: { queue: s } }, c: { steps: [ { get: s } ] } }\npools: { p: { command: x, workers: 2, tasks: [a], stdin: { queue: r } } }',
  ],
  [
    'success of something endless that is terminated',
    ['MP203'],
    'processes: { p: { command: x, restart: always }, k: { steps: [ { terminate: p } ] }, a: { command: x, depends_on: { p: { condition: success } } } }',
  ],
  [
    'a join of an endless daemon',
    ['MP204'],
    'daemons: { d: { command: x, restart: always } }\nprocesses: { a: { steps: [ { join: d } ] } }',
  ],
  [
    'permits of one semaphore that add up',
    ['MP302'],
    'semaphores: { s: 2 }\nprocesses: { a: { command: x, with: [s, { name: s, permits: 2 }] } }',
  ],
  [
    'several permits of a lock',
    ['MP302'],
    'locks: { l: }\nprocesses: { a: { command: x, with: { name: l, permits: 2 } } }',
  ],
  [
    'a step that takes what the process holds',
    ['MP303'],
    'locks: { l: }\nprocesses: { a: { with: l, steps: [ { acquire: l } ] } }',
  ],
  ['a program that takes what its process holds', ['MP303'], 'locks: { l: }\nprocesses: { a: { with: l, command: x, uses: { l: acquire } } }'],
  [
    'permits taken one by one beyond all there are',
    ['MP303'],
    'semaphores: { s: 2 }\nprocesses: { a: { steps: [ { acquire: s }, { acquire: { name: s, permits: 2 } } ] } }',
  ],
  [
    'a release after the end of with',
    ['MP306'],
    'locks: { l: }\nprocesses: { a: { steps: [ { with: l, do: [ { sleep: 1s } ] }, { release: l } ] } }',
  ],
  [
    'an event that is only cleared',
    ['MP401'],
    'events: { e: }\nprocesses: { a: { steps: [ { clear: e }, { wait: e } ] } }',
  ],
  [
    'a queue that is only read to its end',
    ['MP502'],
    'queues: { q: }\nprocesses: { a: { command: x, stdin: { queue: q } } }',
  ],
  [
    'a queue that only a program fills and nobody reads',
    ['MP501'],
    'queues: { q: }\nprocesses: { a: { command: x, uses: { q: put } } }',
  ],
  [
    'a stranger at a pipe',
    ['MP516'],
    'pipes: { p: { between: [a, b] } }\nprocesses: { a: { command: x }, b: { command: x }, c: { steps: [ { send: p, item: 1 } ] } }',
  ],
  [
    'steps at a kernel pipe',
    ['MP515', 'MP515'],
    'pipes: { p: { from: a, to: b, via: stdio } }\nprocesses: { a: { steps: [ { send: p, item: 1 } ] }, b: { command: x } }',
  ],
  [
    'the outputs of a terminal apart, once for all replicas',
    ['MP517', 'MP517'],
    'processes: { a: { command: x, tty: true, replicas: 3, stdout: { file: a }, stderr: null } }',
  ],
  [
    'a terminal that reads a file',
    ['MP517'],
    'processes: { a: { command: x, tty: true, stdin: { file: a } } }',
  ],
  [
    'a terminal whose output mpctl would inherit',
    ['MP517'],
    'processes: { a: { command: x, tty: true, stdout: inherit } }',
  ],
  [
    'terminals at both ends of a kernel pipe',
    ['MP517', 'MP517'],
    'pipes: { p: { from: a, to: b, via: stdio } }\nprocesses: { a: { command: x, tty: true }, b: { command: x, tty: true } }',
  ],
  [
    'two kernel pipes on one side',
    ['MP515'],
    'pipes: { p: { from: a, to: b, via: stdio }, q: { from: a, to: c, via: stdio } }\nprocesses: { a: { command: x }, b: { command: x }, c: { command: x } }',
  ],
  [
    'a lock where an event is set',
    ['MP106'],
    'locks: { l: }\nprocesses: { a: { steps: [ { set: l } ] } }',
  ],
  [
    'an event where a lock is held',
    ['MP106'],
    'events: { e: { set: true } }\nprocesses: { a: { command: x, with: e } }',
  ],
  [
    'a wrong verb in uses',
    ['MP106'],
    'queues: { q: { items: [a] } }\nprocesses: { a: { command: x, uses: { q: set } }, b: { command: x, stdin: { queue: q } } }',
  ],
];

describe('it finds', () => {
  it.each(found)('%s', (_, codes, text) => {
    expect(codesOf(text)).toEqual(codes);
  });
});

it('counts a default wait for a daemon without a probe as a note only', () => {
  const severityOf = (dependsOn: string): unknown =>
    planText(
      `daemons: { d: { command: x } }\nprocesses: { a: { command: x, depends_on: ${dependsOn} } }`,
    ).diagnostics.map(({ code, severity }) => [code, severity]);
  expect(severityOf('[d]')).toEqual([['MP205', 'note']]);
  expect(severityOf('{ d: { condition: ready } }')).toEqual([['MP205', 'warning']]);
});

it('offers names of the right kind before nearer ones of other kinds', () => {
  const { diagnostics } = planText(`
locks: { migrat: }
processes:
  migrate: { command: x }
  a: { command: x, depends_on: [migratt] }
  b: { command: x, with: migrat }
`);
  expect(diagnostics.map(({ hint }) => hint)).toEqual(['did you mean `migrate`?']);
});

it.each([
  ['processes: { a: { command: [echo, "${X}"] } }', 'write `"${{ env.X }}"`, or the whole command as one string'],
  ['pools: { p: { tasks: [a], command: [echo, $MPCTL_ITEM] } }', 'write `"${{ item }}"`'],
  ['pools: { p: { tasks: [a], command: [echo, $item] } }', 'write `"${{ item }}"`'],
  ['processes: { a: { steps: [ { run: [x, ">>", y] } ] } }', 'write the whole command as one string'],
  [
    'processes: { a: { steps: [ { run: [x, $out] } ] } }',
    'write `"${{ vars.out }}"` for a variable of the steps, `"${{ env.out }}"` for one of the environment',
  ],
])('a list has no shell: %s', (text, hint) => {
  expect(planText(text).diagnostics.map((finding) => [finding.code, finding.hint])).toEqual([['MP139', hint]]);
});

it.each(['|', '||', '&&', '&', ';', '>', '>>', '<', '2>', '2>&1', '>&2', '&>', '>/dev/null', '2>/dev/null'])('a list has no shell for the word %s', (word) => {
  const { diagnostics } = planText(`processes: { a: { command: [make, -k, ${JSON.stringify(word)}, log] } }`);
  expect(diagnostics.map(({ code, hint }) => [code, hint])).toEqual([['MP139', 'write the whole command as one string']]);
});

it.each([
  '[cut, -d, "|", -f1, x]',
  '[sort, -k2, -t, ";", x]',
  '[column, --output-separator, "|", x]',
  '[tr, "|", ","]',
  '[/usr/bin/test, a, "<", b]',
  '[grep, -c, "|", x]',
  '[pip, install, "x>1", ">=2"]',
  '[echo, "a | b > c"]',
])('takes a sign for what the program makes of it: %s', (command) => {
  expect(planText(`processes: { a: { command: ${command} } }`).diagnostics).toEqual([]);
});

it('points at a word of `args`, not at the command before them', () => {
  const { diagnostics } = planText('processes: { a: { command: [ls, x], args: [y, "&&"] }, b: { steps: [{ run: [ls], args: ["&&"] }] } }');
  const marked = diagnostics.map(({ range }) => range?.source.text.slice(range.start - 4, range.end));
  expect(marked).toEqual(['[y, "&&"', 's: ["&&"']);
});

it('says when a user may start what nothing starts', () => {
  const { diagnostics } = planText('processes: { m: { autostart: false, command: x } }\nfinally: { last: { autostart: false, command: x } }');
  expect(diagnostics.map(({ hint }) => hint)).toEqual([
    expect.stringMatching(/`mpctl run m` does, and in a run that still goes on `mpctl start m`$/u),
    expect.stringContaining('`mpctl start last` while something else of `finally` runs'),
  ]);
});

it.each(['processes: { a: { command: [""] } }', 'processes: { a: { steps: [{ run: ["", b] }] } }'])('misses the program: %s', (text) => {
  expect(planText(text).diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ['MP103', 'the first item of a command is its program, and it is empty'],
  ]);
});

it('prints the smallest of the cycles that are tangled up with each other', () => {
  const { diagnostics } = planText(`
processes:
  a: { command: x, depends_on: [b] }
  b: { command: x, depends_on: [c, d] }
  c: { command: x, depends_on: [a] }
  d: { command: x, depends_on: [b] }
`);
  expect(diagnostics.map(({ message }) => message)).toEqual([
    '`b` → `d` → `b` wait for each other in a circle, so none of them can start',
  ]);
});

it('prints the shortest of several cycles first, and those of one length as in the file', () => {
  const { diagnostics } = planText(`
processes:
  a: { command: x, depends_on: [b] }
  b: { command: x, depends_on: [c] }
  c: { command: x, depends_on: [a] }
  d: { command: x, depends_on: [nope] }
  e: { command: x, depends_on: [f] }
  f: { command: x, depends_on: [e] }
  g: { command: x, depends_on: [h] }
  h: { command: x, depends_on: [g] }
`);
  expect(diagnostics.map(({ message }) => message.split(' wait')[0])).toEqual([
    '`e` → `f` → `e`',
    '`g` → `h` → `g`',
    '`a` → `b` → `c` → `a`',
    'there is no process or pool `nope`',
  ]);
});

it('prints a cycle from its first place in the file, each wait with its place', () => {
  const { diagnostics } = planText(`
processes:
  c: { command: x, depends_on: [d] }
  a: { command: x, depends_on: [b] }
  d: { command: x, depends_on: [a] }
  b: { command: x, depends_on: { c: { condition: start } } }
`);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]?.message).toContain('`c` → `d` → `a` → `b` → `c` wait for each other');
  expect(diagnostics[0]?.related.map(({ message }) => message)).toEqual([
    '`d` waits for the success of `a`',
    '`a` waits for the success of `b`',
    '`b` waits for the start of `c`',
  ]);
});
