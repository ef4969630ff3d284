import { describe, expect, it } from 'vitest';
import { renderPlanText } from '../../../src/plan/render/render-plan-text.ts';
import { planText, validPlan } from '../../rig/plan-of-text.ts';

describe('a primitive that nobody uses', () => {
  const findings = (primitives: string, process = ''): unknown =>
    planText(`${primitives}\nprocesses: { a: { command: x${process} } }`).diagnostics.map(({ code, severity, message }) => [code, severity, message]);

  it.each([
    ['lock', 'locks: { n: }'],
    ['semaphore', 'semaphores: { n: 2 }'],
    ['event', 'events: { n: }'],
    ['queue', 'queues: { n: }'],
    ['value', 'values: { n: 0 }'],
  ])('is told by `check`, as it is by `plan`: a %s', (kind, text) => {
    expect(findings(text)).toEqual([['MP140', 'note', `nothing in the spec uses the ${kind} \`n\``]]);
    expect(renderPlanText(validPlan(`${text}\nprocesses: { a: { command: x } }`), 80)).toMatch(new RegExp(`^ +${kind} +n +.*nothing in the spec uses it$`, 'mu'));
  });

  it('is none that a program declares', () => {
    expect(findings('locks: { n: }', ', uses: { n: acquire }')).toEqual([]);
    expect(renderPlanText(validPlan('locks: { n: }\nprocesses: { a: { command: x, uses: { n: acquire } } }'), 80)).toContain('a acquires');
  });

  it('is not the lock of a condition', () => {
    expect(findings('locks: { n: }\nconditions: { c: { lock: n } }')).toEqual([['MP140', 'note', 'nothing in the spec uses the condition `c`']]);
  });
});
