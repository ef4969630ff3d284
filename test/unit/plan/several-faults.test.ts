import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../../src/diagnostics/bag.ts';
import { planText } from '../../rig/plan-of-text.ts';

/** Codes and lines of all findings, in the order in which they are shown; notes are left out. */
function found(text: string, files: Readonly<Record<string, string>> = {}): readonly string[] {
  return new DiagnosticBag(planText(text, { files }).diagnostics)
    .sorted()
    .filter(({ severity }) => severity !== 'note')
    .map(({ code, range }) => {
      const line = range === null ? '-' : range.source.text.slice(0, range.start).split('\n').length;
      return `${code} ${line}`;
    });
}

describe('several faults', () => {
  it('of shape, of names, of values and of order are found in one go', () => {
    const text = `processes:
  a: { command: x, timeout: 5 }
  b: { command: y, depends_on: [nope] }
  c: { command: [z, "\${{ env.NOPE }}"] }
  d: { command: x, depends_on: [e] }
  e: { command: x, depends_on: [d] }
`;
    expect(found(text)).toEqual(['MP103 2', 'MP105 3', 'MP121 4', 'MP202 5']);
    expect(planText(text).plan).toBeNull();
  });

  it('hide no conclusion that does not depend on them', () => {
    expect(
      found(`processes:
  b: { command: y, depends_on: [nope], wait_for: [nothing] }
  c: { comand: [z, "\${{ env.NOPE }}"] }
  q: { command: x, wait_for: [ev] }
  r: { steps: [{ sleep: 5 }, { get: work, timeout: 5 }, { get: other }, { result: handle }] }
  s: { command: y, replicas: x, autostart: fals, sets: { exit: on }, stdin: { queue: lines } }
events: { ev: , on: }
queues: { work: , other: , lines: }
`),
    ).toEqual(['MP105 2', 'MP105 2', 'MP101 3', 'MP401 4', 'MP103 5', 'MP502 5', 'MP103 5', 'MP502 5', 'MP608 5', 'MP103 6', 'MP103 6', 'MP502 6']);
  });

  it('are found below a key that stands twice, and in all that is read of it', () => {
    expect(
      found(`processes:
  a:
    command: x
    depends_on: { b: { condition: ready } }
  a:
    command: y
`),
    ).toEqual(['MP105 4', 'MP104 5']);
  });

  it('are pointed at behind an item that was left out', () => {
    expect(
      found(`processes:
  a:
    steps:
      - { set: [go] }
      - { pint: x }
      - { set: nope }
  b:
    command: x
    depends_on:
      - [c]
      - nope
`),
    ).toEqual(['MP103 4', 'MP101 5', 'MP105 6', 'MP103 10', 'MP105 11']);
  });

  it('are found in the file that includes a broken one, and in the broken one', () => {
    expect(
      found('include: [other.yaml]\nprocesses:\n  a: { command: x, depends_on: [b, a] }\n', {
        'other.yaml': 'processes:\n  b: { command: x, timeout: 5 }\n  c: { command: x, depends_on: [nope] }\n',
      }),
    ).toEqual(['MP201 3', 'MP103 2', 'MP105 3']);
  });
});

describe('one fault, and nothing that follows from it', () => {
  it.each([
    ['a file that cannot be read may define every name', 'include: [lost.yaml]\nprocesses: { a: { command: x, depends_on: [b] } }', ['MP127 1']],
    ['names in a section that is a list', 'locks: [a, b]\nprocesses: { x: { command: x, with: a } }', ['MP103 1']],
    ['names under a word of another tool', 'services: { a: { command: x } }\nprocesses: { b: { command: x, depends_on: [a] } }', ['MP101 1']],
    ['an instance of a process that was not counted', 'processes: { a: { command: x, replicas: many }, b: { command: x, depends_on: [a-3] } }', ['MP103 1']],
    ['a name that two things have', 'locks: { a: }\nprocesses: { a: { command: x }, b: { command: x, depends_on: [a], with: a } }', ['MP104 2']],
    ['a default condition of what may have a probe', 'processes: { a: { command: x, restart: always, readiness_probe: 5 }, b: { command: x, depends_on: [a] } }', ['MP103 1']],
    ['an event that a misspelt name may mean', 'events: { go: }\nprocesses: { a: { command: x, sets: { exit: goo } }, b: { command: x, wait_for: [go] } }', ['MP105 2']],
    ['a variable of a file that cannot be read', 'env_file: lost.env\nprocesses: { a: { command: [x, "${{ env.A }}"] } }', ['MP123 1']],
    ['a number that a variable would give', 'environment: { N: [] }\nprocesses: { a: { command: x, replicas: "${{ env.N }}" } }', ['MP103 1']],
    ['a number that an unset variable gives', 'processes: { a: { command: x, replicas: "${{ env.N }}" }, b: { command: x, depends_on: [a-2] } }', ['MP121 1']],
    ['what only the run knows', 'processes: { a: { steps: [{ sleep: "${{ vars.x }}" }] } }', ['MP122 1']],
    ['a lock that a step may release', 'locks: { l: }\nprocesses: { a: { steps: [{ acquire: l }, { relase: l }, { acquire: l }] } }', ['MP101 2']],
    ['a value that a lost alias would merge', 'processes: { a: { <<: *lost, depends_on: [a-2] } }', ['MP117 1']],
  ])('%s', (_, text, codes) => {
    expect(found(text)).toEqual(codes);
  });
});

it('guesses what was meant for the first wrong names only, so that thousands are found at once', () => {
  const names = Array.from({ length: 300 }, (_, index) => `p${index}`);
  const text = `processes:\n${names.map((name) => `  ${name}: { command: x, depends_on: [${name}x] }\n`).join('')}`;
  const hints = planText(text).diagnostics.map(({ hint }) => hint);
  expect(hints).toHaveLength(300);
  expect(hints.filter((hint) => hint?.startsWith('did you mean') === true)).toHaveLength(200);
  expect(hints.at(-1)).toBe('define `p299x`, or name a process or pool that the spec defines');
});
