import { describe, expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

const circle = (ofA: string, more = ''): string => `
on_failure: continue
processes:
  a: { depends_on: { ${ofA} }, allow_failure: true, command: exit 0 }
  y: { depends_on: { a: { condition: exit } }, command: exit 0 }
  ${more}
`;

function told(text: string): readonly unknown[] {
  return planText(text).diagnostics.flatMap(({ code, severity, certainty }) => (code === 'MP202' ? [[severity, certainty]] : []));
}

describe('a circle of waits', () => {
  it.each([
    ['the time of one of them', 'y: { condition: exit, timeout: 500ms }', ''],
    ['another wait of one of them, that does not come true', 'x: { condition: success }, y: { condition: exit }', 'x: { command: exit 1, allow_failure: true }'],
  ])('is but possible where it may be broken by %s', (_, ofA, more) => {
    const text = circle(ofA, more);
    expect(told(text)).toEqual([['warning', 'possible']]);
    expect(play(text).end.exitCode).toBe(0);
  });

  it.each([
    ['one of them', '{ sleep: 300ms }, { terminate: a }'],
    ['the run', '{ shutdown: 0 }'],
  ])('is so in some interleaving where steps of somebody else end %s', (_, step) => {
    const text = circle('y: { condition: exit }', `k: { steps: [${step}] }`);
    expect(told(text)).toEqual([['warning', 'some interleaving']]);
    expect(play(text).end.exitCode).toBe(0);
  });

  it('is so in every run where nothing breaks it, or nobody could start then', () => {
    expect(told(circle('y: { condition: exit }'))).toEqual([['error', 'every run']]);
    expect(told(circle('y: { condition: success, timeout: 500ms }').replace('{ a: { condition: exit } }', '[a]'))).toEqual([['error', 'every run']]);
  });
});
