import { describe, expect, it } from 'vitest';
import { codesOf } from '../../rig/plan-of-text.ts';

describe('names that are too long for a log file', () => {
  const long = 'a'.repeat(241);

  it.each([
    `processes: { ${long}: { command: x } }`,
    `daemons: { ${long}: { command: x } }\nprocesses: { a: { command: x } }`,
    `pools: { ${long.slice(2)}: { command: x, tasks: [a], workers: 12 } }`,
    `processes: { ${long.slice(2)}: { command: x, replicas: 2 } }`,
    `processes: { a: { command: x, matrix: { key: [${long}, ${long}b] } } }`,
  ])('are refused once, with everything that makes them: %s', (text) => {
    expect(codesOf(text)).toEqual(['MP109']);
  });

  it('are those of more than 240 characters, and of what runs', () => {
    expect(codesOf(`locks: { ${long}: }\nprocesses: { ${long.slice(1)}: { command: x, with: ${long} } }`)).toEqual([]);
  });
});
