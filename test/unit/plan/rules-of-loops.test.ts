import { describe, expect, it } from 'vitest';
import { codesOf, planText } from '../../rig/plan-of-text.ts';

/** A process with these steps, a lock, a reentrant one, a semaphore and a queue. */
function withSteps(steps: string, more = ''): string {
  return `locks: { l: , r: { reentrant: true } }\nsemaphores: { s: 2 }\nqueues: { q: { items: [1, 2] } }\nprocesses: { a: { steps: [${steps}]${more} }, b: { replicas: 2, with: [l, r, s], command: x }, c: { steps: [{ each: q, do: [{ print: x }] }] } }`;
}

function weighed(text: string): readonly (readonly string[])[] {
  return planText(text).diagnostics.flatMap(({ code, severity, certainty }) => (code === 'MP307' ? [[severity, certainty ?? '']] : []));
}

describe('MP307: a loop keeps what it acquires', () => {
  it.each([
    ['a lock in a second round', '{ repeat: 2, do: [{ acquire: l }] }', 'error', 'every run'],
    ['a lock for ever', '{ repeat: forever, do: [{ acquire: l }] }', 'error', 'every run'],
    ['a semaphore in a third round', '{ repeat: [x, y, z], as: v, do: [{ acquire: s }] }', 'error', 'every run'],
    ['a lock, if more than one item comes', '{ each: q, do: [{ acquire: l }] }', 'warning', 'possible'],
    ['a lock, if the queue does not end before', '{ repeat: 2, do: [{ get: q }, { acquire: l }] }', 'warning', 'possible'],
  ])('%s', (_, steps, severity, certainty) => {
    expect(weighed(withSteps(steps))).toEqual([[severity, certainty]]);
  });

  it.each([
    ['a loop that releases', '{ repeat: 2, do: [{ acquire: l }, { release: l }] }'],
    ['a loop with `with`', '{ repeat: 2, do: [{ with: l, do: [{ print: x }] }] }'],
    ['a lock that is held before, of which another check speaks', '{ acquire: l }, { repeat: 2, do: [{ acquire: l }] }'],
    ['a single round', '{ repeat: 1, do: [{ acquire: l }] }'],
    ['a semaphore, if enough items come, of which the search speaks', '{ each: q, do: [{ acquire: s }] }'],
    ['as many rounds as permits', '{ repeat: 2, do: [{ acquire: s }] }'],
    ['a reentrant lock', '{ repeat: 2, do: [{ acquire: r }] }'],
    ['an acquire that goes on without', '{ repeat: 2, do: [{ acquire: l, timeout: 1s, on_timeout: continue }] }'],
    ['a round that ends the process', '{ repeat: 2, do: [{ exit: 0 }, { acquire: l }] }'],
  ])('not: %s', (_, steps) => {
    expect(weighed(withSteps(steps))).toEqual([]);
  });

  it('leaves out what a program or another process may release', () => {
    expect(weighed(withSteps('{ repeat: 2, do: [{ acquire: l }, { run: x }] }', ', uses: { l: acquire }'))).toEqual([]);
    expect(weighed('semaphores: { s: { permits: 1, bounded: false } }\nprocesses: { a: { steps: [{ repeat: 2, do: [{ acquire: s }] }] }, b: { steps: [{ release: s }] } }')).toEqual([]);
  });
});

describe('MP706: a release of what was not got in time', () => {
  it.each([
    ['behind an acquire that goes on', '{ acquire: l, timeout: 1s, on_timeout: continue }, { run: x }, { release: l }'],
    ['behind one that does not wait', '{ acquire: l, block: false, as: got }, { release: l }'],
    ['behind other steps instead', '{ acquire: l, timeout: 1s, on_timeout: [{ print: late }] }, { release: l }'],
    ['in a loop', '{ repeat: 2, do: [{ acquire: l, timeout: 1s, on_timeout: continue }, { release: l }] }'],
  ])('%s', (_, steps) => {
    expect(codesOf(withSteps(steps))).toEqual(['MP706']);
  });

  it.each([
    ['one that fails', '{ acquire: l, timeout: 1s }, { release: l }'],
    ['a release that may fail', '{ acquire: l, timeout: 1s, on_timeout: continue }, { release: l, allow_failure: true }'],
    ['steps that leave instead', '{ acquire: l, timeout: 1s, on_timeout: [{ exit: 1 }] }, { release: l }'],
    ['steps that get it after all', '{ acquire: l, timeout: 1s, on_timeout: [{ print: late }, { acquire: l }] }, { release: l }'],
    ['a lock that is got behind', '{ acquire: l, timeout: 1s, on_timeout: continue }, { acquire: l, allow_failure: true }, { release: l }'],
    ['a semaphore, which anybody may release', '{ acquire: s, timeout: 1s, on_timeout: continue }, { release: s }'],
  ])('not: %s', (_, steps) => {
    expect(codesOf(withSteps(steps))).toEqual([]);
  });
});

describe('MP709: a step that is never reached', () => {
  it.each([
    ['behind an exit', '{ exit: 0 }, { print: x }'],
    ['behind a loop for ever', '{ repeat: forever, do: [{ each: q, do: [{ print: x }] }] }, { print: x }'],
    ['behind a loop that leaves the process', '{ repeat: forever, do: [{ wait: e, timeout: 1s, on_timeout: [{ exit: 0 }] }] }, { print: x }'],
    ['in a list of its own', '{ each: q, do: [{ with: l, do: [{ exit: 0 }] }, { print: x }] }, { print: y }'],
  ])('%s', (_, steps) => {
    expect(codesOf(`events: { e: { set: true } }\n${withSteps(steps)}`).filter((code) => code !== 'MP701' && code !== 'MP140')).toEqual(['MP709']);
  });

  it.each([
    ['a loop that ends with a stream', '{ repeat: forever, do: [{ get: q }] }, { print: x }'],
    ['an exit that may come', '{ acquire: l, timeout: 1s, on_timeout: [{ exit: 0 }] }, { print: x }'],
    ['an exit that is left out when the time is over', '{ with: l, timeout: 1s, on_timeout: continue, do: [{ exit: 0 }] }, { print: x }'],
    ['a loop that may fail', '{ repeat: forever, do: [{ run: x }], allow_failure: true }, { print: x }'],
    ['no round', '{ repeat: 0, do: [{ exit: 0 }] }, { print: x }'],
    ['an `each`, which may have no item', '{ each: q, do: [{ exit: 0 }] }, { print: x }'],
    ['a run that ends, while the process goes on', '{ shutdown: 0 }, { print: x }'],
  ])('not: %s', (_, steps) => {
    expect(codesOf(withSteps(steps)).filter((code) => code !== 'MP701')).toEqual([]);
  });
});
