import { expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';

it('warns of an event that only what nothing starts sets', () => {
  const { diagnostics } = planText('events: { go: }\nprocesses: { main: { command: x, wait_for: [go] }, manual: { autostart: false, command: x, sets: { start: go } } }');
  expect(diagnostics.map(({ code, severity, hint }) => [code, severity, hint])).toEqual([
    ['MP401', 'warning', 'add a step `start: manual`, or name it: `mpctl run main manual`'],
    ['MP711', 'note', expect.stringContaining('add a step `start: manual`')],
  ]);
});

it('says who waits in vain for what nothing starts', () => {
  const { diagnostics } = planText('processes: { m: { autostart: false, command: x }, a: { command: x, depends_on: [m] } }');
  expect(diagnostics.map(({ code, related }) => [code, related.map(({ message }) => message)])).toEqual([['MP711', ['`a` depends on it, and is skipped']]]);
});

it('says that a run lasts in which nothing is started but daemons', () => {
  const said = (process: string): readonly string[] => planText(`daemons: { d: { command: x } }\nprocesses: { ${process} }`).diagnostics.flatMap(({ code, message }) => (code === 'MP702' ? [message] : []));
  expect(said('p: { autostart: false, command: x }')).toEqual(['only daemons are started, so the run lasts until it is stopped']);
  expect(said('p: { autostart: false, command: x }, q: { steps: [{ start: p }] }')).toEqual([]);
  expect(said('p: { autostart: false, command: x }, q: { autostart: false, steps: [{ start: p }] }')).toEqual(['only daemons are started, so the run lasts until it is stopped']);
  expect(planText('daemons: { d: { autostart: false, command: x } }').diagnostics.map(({ code }) => code)).toEqual(['MP711']);
});
