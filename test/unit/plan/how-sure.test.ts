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
    ['stands behind an exit', '{ exit: 0 }, { acquire: l }'],
    ['stands in a loop without a round', '{ repeat: 0, do: [{ acquire: l }] }'],
    ['stands in what comes after a time that is never over', '{ wait: e, on_timeout: [{ acquire: l }] }'],
  ])('is no fault where it %s', (_, step) => {
    expect(codesOf(spec(step))).not.toContain('MP303');
  });

  it.each([
    ['in every run', '{ repeat: 2, do: [{ acquire: l }] }', 'every run'],
    ['possibly, in rounds that may not come', '{ each: q, as: i, do: [{ acquire: l }] }', 'possible'],
    ['possibly, where nothing is done when a time is over', '{ with: m, timeout: 1s, on_timeout: continue, do: [{ acquire: l }] }', 'possible'],
    ['possibly, behind an exit that may come', '{ each: q, as: i, do: [{ exit: 0 }] }, { acquire: l }', 'possible'],
    ['possibly, behind an item that may not come', '{ repeat: 2, do: [{ get: q }, { acquire: l }] }', 'possible'],
    ['in every run, behind an item without which it fails', '{ get: q }, { acquire: l }', 'every run'],
    ['possibly, when a time is over', '{ wait: e, timeout: 1s, on_timeout: [{ acquire: l }] }', 'possible'],
  ])('comes about %s', (_, step, certainty) => {
    expect(certaintiesOf('MP303', spec(step))).toEqual([certainty]);
  });
});

describe('MP303 in the tasks of a pool', () => {
  it.each([
    ['has tasks of its own', 'tasks: [1], ', 'every run'],
    ['has a range of them', 'tasks: { range: [1, 2] }, ', 'every run'],
    ['may have none but what is submitted', '', 'possible'],
    ['may find none in a queue', 'tasks: { queue: q }, ', 'possible'],
  ])('is of a pool that %s', (_, tasks, certainty) => {
    const text = `locks: { l: }\nqueues: { q: { items: [1] } }\npools: { p: { ${tasks}with: l, steps: [{ acquire: l }] } }\nprocesses: { a: { steps: [{ submit: p, item: 1 }, { get: q, allow_failure: true }] } }`;
    expect(certaintiesOf('MP303', text)).toEqual([certainty]);
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

describe('a fault in steps that are never reached, or of a process that may fail', () => {
  const found = (code: string, work: string): readonly string[] => {
    const text = `locks: { l: }\nsemaphores: { s: 2 }\nevents: { e: }\nbarriers: { b: { parties: 2 } }\nprocesses: { a: { ${work} } }`;
    return planText(text).diagnostics.flatMap((one) => (one.code === code ? [`${one.severity}, ${one.certainty ?? ''}`] : []));
  };

  it.each([
    ['MP302', '{ acquire: { name: s, permits: 3 } }'],
    ['MP303', '{ acquire: l }, { acquire: l }'],
    ['MP306', '{ release: l }'],
    ['MP307', '{ repeat: 2, do: [{ acquire: l }] }'],
    ['MP401', '{ wait: e }'],
  ])('refuses no spec: %s', (code, steps) => {
    expect(found(code, `steps: [${steps}]`)).toEqual(['error, every run']);
    expect(found(code, `allow_failure: true, steps: [${steps}]`)).toEqual(['warning, every run']);
    expect(found(code, `steps: [{ exit: 0 }, ${steps}]`)).toEqual([]);
  });

  it.each([
    ['steps: [{ wait: b }]', 'error, every run'],
    ['wait_for: [b], command: exit 0', 'error, every run'],
    ['allow_failure: true, steps: [{ wait: b }]', 'warning, possible'],
    ['allow_failure: true, wait_for: [b], command: exit 0', 'warning, possible'],
    ['steps: [{ exit: 0 }, { wait: b }]', 'warning, possible'],
  ])('MP406 of `%s`', (work, weight) => {
    expect(found('MP406', work)).toEqual([weight]);
  });

  it.each([
    ['wait_for: [e], command: exit 0', 'error, every run'],
    ['allow_failure: true, wait_for: [e], command: exit 0', 'warning, every run'],
  ])('MP401 of `%s`', (work, weight) => {
    expect(found('MP401', work)).toEqual([weight]);
  });

  it('says that what can never be had is asked for in vain where that has been thought of', () => {
    expect(found('MP302', 'steps: [{ acquire: { name: s, permits: 3 }, block: false, on_timeout: continue }]')).toEqual(['warning, every run']);
  });
});
