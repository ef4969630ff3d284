import { expect, it } from 'vitest';
import { codesOf } from '../../rig/plan-of-text.ts';

it.each([
  ['args', 'processes: { a: { steps: [ { run: x } ], args: [y] } }', ['MP138']],
  ['args of a pool', 'pools: { a: { steps: [ { run: x } ], tasks: [y], args: [y] } }', ['MP138']],
  ['a terminal', 'processes: { a: { steps: [ { run: x } ], tty: true } }', ['MP138']],
  ['a stop command', 'processes: { a: { steps: [ { run: x } ], stop: { command: y } } }', ['MP138']],
  ['no terminal', 'processes: { a: { steps: [ { run: x } ], tty: false } }', []],
  ['the stop command of the spec', 'stop: { command: y }\nprocesses: { a: { steps: [ { run: x } ] } }', []],
])('beside steps: %s', (_, text, codes) => {
  expect(codesOf(text)).toEqual(codes);
});
