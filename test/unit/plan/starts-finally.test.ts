import { expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';

const last = '\nfinally: { last: { autostart: false, command: x } }';

function findings(text: string): readonly (readonly [string, string])[] {
  return planText(text + last).diagnostics.map(({ code, severity }) => [code, severity]);
}

it.each([
  ['a process', 'processes: { a: { steps: [ { start: last } ] } }', 'error'],
  ['a process that goes on', 'processes: { a: { steps: [ { start: last, allow_failure: true } ] } }', 'warning'],
  ['a task', 'pools: { p: { tasks: [x], steps: [ { start: last } ] } }', 'error'],
  ['what a process has started', 'processes: { a: { steps: [ { start: b } ] }, b: { autostart: false, steps: [ { start: last } ] } }', 'error'],
])('is never started by %s', (_, text, severity) => {
  expect(findings(text)).toEqual([['MP713', severity]]);
});

it('may be started by a daemon, by another of `finally`, and by what that has started', () => {
  const { diagnostics } = planText(`
processes: { helper: { autostart: false, steps: [ { start: last } ] }, a: { command: x } }
daemons: { d: { steps: [ { start: last } ] } }
finally: { first: { steps: [ { start: last }, { start: helper } ] }, last: { autostart: false, command: x } }
`);
  expect(diagnostics).toEqual([]);
});
