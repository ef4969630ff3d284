import { expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

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

/** Findings of a spec that refuse it, and how much those of one code weigh. */
function weighed(code: string, text: string): readonly unknown[] {
  const { diagnostics } = planText(`locks: { l: }\nsemaphores: { s: 2 }\nevents: { e: }\nbarriers: { b: { parties: 3 } }\n${text}`);
  expect(diagnostics.filter(({ severity, code: other }) => severity === 'error' && other !== code)).toEqual([]);
  return diagnostics.flatMap((found) => (found.code === code ? [[found.severity, found.certainty]] : []));
}

const faults: readonly (readonly [string, string])[] = [
  ['MP302', 'with: [{ name: s, permits: 3 }], command: x'],
  ['MP302', 'steps: [{ acquire: [{ name: s, permits: 3 }] }]'],
  ['MP401', 'wait_for: [e], command: x'],
  ['MP401', 'steps: [{ wait: e }]'],
  ['MP406', 'wait_for: [b], command: x'],
  ['MP406', 'steps: [{ wait: b }]'],
];

it.each(faults)('a fault of what no run need start refuses no spec: %s %s', (code, fault) => {
  for (const spared of [
    `processes: { a: { autostart: false, ${fault} }, x: { command: x } }`,
    `daemons: { a: { autostart: false, ${fault} } }\nprocesses: { x: { command: x } }`,
    `processes: { a: { depends_on: { x: { condition: failure } }, ${fault} }, x: { command: x } }`,
    `daemons: { a: { depends_on: { d: { condition: failure } }, ${fault} }, d: { command: x } }`,
    `processes: { a: { depends_on: [x], ${fault} }, x: { allow_failure: true, command: x } }`,
    `processes: { a: { depends_on: [x], ${fault} }, x: { depends_on: { y: { condition: failure } }, command: x }, y: { command: x } }`,
  ]) {
    expect(weighed(code, spared)).toEqual([['warning', 'possible']]);
  }
  for (const sure of [
    `processes: { a: { ${fault} }, x: { command: x } }`,
    `processes: { a: { depends_on: [x], ${fault} }, x: { command: x } }`,
    `processes: { a: { depends_on: { x: { condition: exit } }, ${fault} }, x: { command: x } }`,
    `processes: { a: { autostart: false, ${fault} }, x: { steps: [{ start: a }] } }`,
  ]) {
    expect(weighed(code, sure)).toEqual([['error', 'every run']]);
  }
});

it.each([
  ['daemons: { g: { depends_on: { p: { condition: failure } }, command: x } }\nprocesses: { p: { autostart: false, depends_on: [g], command: x } }', 'warning', 'possible'],
  ['processes: { g: { depends_on: { p: { condition: failure } }, command: x }, p: { depends_on: [g], command: x } }', 'error', 'every run'],
])('waits in a circle only with what is started: %s', (text, severity, certainty) => {
  expect(weighed('MP202', text)).toEqual([[severity, certainty]]);
});

it('ends well where what is skipped would have failed', () => {
  const text = (fault: string): string => `semaphores: { s: 2 }\nevents: { e: }\nprocesses: { a: { depends_on: { x: { condition: failure } }, ${fault} }, x: { command: exit 0 }, y: { autostart: false, ${fault} } }`;
  expect(faults.slice(0, 4).map(([, fault]) => play(text(fault)).end.exitCode)).toEqual([0, 0, 0, 0]);
});
