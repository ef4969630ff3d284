import { describe, expect, it } from 'vitest';
import { codesOf, planText } from '../../rig/plan-of-text.ts';

/** Of the findings with this code. */
function certaintiesOf(code: string, text: string): readonly (string | null)[] {
  return planText(text).diagnostics.flatMap((found) => (found.code === code ? [found.certainty] : []));
}

describe('MP303: to acquire again what is held', () => {
  const spec = (step: string): string => `locks: { l: , m: }\nqueues: { q: { items: [1] } }\nevents: { e: }\nprocesses: { a: { with: l, steps: [${step}] }, b: { with: l, steps: [{ set: e }, { get: q }] } }`;

  it.each([
    ['is let pass by the step', '{ acquire: l, allow_failure: true }'],
    ['is let pass by a step around it', '{ repeat: 1, do: [{ acquire: l }], allow_failure: true }'],
  ])('is no fault where it %s', (_, step) => {
    expect(codesOf(spec(step))).not.toContain('MP303');
  });

  it.each([
    ['in every run', '{ repeat: 2, do: [{ acquire: l }] }', 'every run'],
    ['possibly, in rounds that may not come', '{ each: q, as: i, do: [{ acquire: l }] }', 'possible'],
    ['possibly, where nothing is done when a time is over', '{ with: m, timeout: 1s, on_timeout: continue, do: [{ acquire: l }] }', 'possible'],
    ['possibly, when a time is over', '{ wait: e, timeout: 1s, on_timeout: [{ acquire: l }] }', 'possible'],
  ])('comes about %s', (_, step, certainty) => {
    expect(certaintiesOf('MP303', spec(step))).toEqual([certainty]);
  });
});

describe('MP307: a loop that keeps what it acquires', () => {
  const spec = (step: string): string => `locks: { l: }\nqueues: { q: { items: [1] } }\nprocesses: { a: { steps: [${step}] }, b: { with: l, steps: [{ get: q }] } }`;
  const loop = '{ repeat: 2, do: [{ acquire: l }] }';

  it('is no fault where its failure is let pass', () => {
    expect(codesOf(spec(`{ repeat: 1, do: [${loop}], allow_failure: true }`))).not.toContain('MP307');
  });

  it('is possible where it stands in rounds that may not come', () => {
    expect(certaintiesOf('MP307', spec(loop))).toEqual(['every run']);
    expect(certaintiesOf('MP307', spec(`{ each: q, as: i, do: [${loop}] }`))).toEqual(['possible']);
  });
});

describe('the end of what is restarted for ever', () => {
  const spec = (more: string): string => `daemons: { d: { command: x, restart: always${more} } }\nprocesses: { a: { steps: [{ join: d }] } }`;

  it.each([
    ['does not come', '', ['MP204']],
    ['does not come, however often it may be restarted within a time', ', max_restarts: { count: 2, within: 1s }', ['MP204']],
    ['comes after so many restarts', ', max_restarts: 2', []],
  ])('%s', (_, more, codes) => {
    expect(codesOf(spec(more))).toEqual(codes);
  });
});
