import { describe, expect, it } from 'vitest';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { judge, type Verdict } from '../../../src/verify/judge.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { shortestWay, stateAt } from '../../../src/verify/shortest-way.ts';
import { exploreAll } from '../../rig/explore-all.ts';
import { validPlan } from '../../rig/plan-of-text.ts';
import { play } from '../../rig/virtual-play.ts';

function verdictOf(text: string): Verdict {
  return judge(validPlan(text), { maxStates: 100_000, mayGoOn: () => true }).verdict;
}

/** How the instances of a run may end together, in each state in which all is over. */
function endsOf(text: string): readonly string[] {
  const system = new ModelSystem(compilePlan(validPlan(text)).model);
  const found = exploreAll(system);
  const ends = Array.from({ length: found.states }, (_, number) => stateAt(found, number)).flatMap((state) =>
    system.isFinal(state) ? [system.graphs.map(({ name, locations }, actor) => `${name} ${locations[state[system.layout.actorField(actor)] ?? 0]?.outcome ?? 'not'}`).join(', ')] : [],
  );
  return [...new Set(ends)].toSorted();
}

/** All that may be done on some way through the model. */
function acts(text: string): ReadonlySet<string> {
  const system = new ModelSystem(compilePlan(validPlan(text)).model);
  const found = exploreAll(system);
  return new Set(Array.from({ length: found.states }, (_, number) => shortestWay(found, number).map((transition) => system.describe(transition))).flat());
}

describe('a queue that nobody takes from any more', () => {
  it('is known as that to all who put once one has found it', () => {
    const text = `
on_failure: continue
queues: { work: }
processes:
  taker: { steps: [{ get: work, timeout: 1s, on_timeout: continue }] }
  first: { steps: [{ join: taker }, { put: work, item: 1, allow_failure: true }, { put: work, item: 2 }, { put: work, item: 3 }] }
  second: { steps: [{ join: first }, { put: work, item: 4 }] }
`;
    const ends = ['first failed, second failed', 'first succeeded, second failed', 'first succeeded, second succeeded'];
    expect(endsOf(text)).toEqual(ends.map((end) => `taker succeeded, ${end}`));
  });
});

describe('a pipe', () => {
  it('breaks with the end of whoever receives: nothing is sent after it', () => {
    const text = `
on_failure: continue
pipes: { feed: { from: a, to: b } }
processes:
  a: { steps: [{ join: b }, { send: feed, item: 1 }] }
  b: { steps: [{ recv: feed, timeout: 1s, on_timeout: continue }] }
`;
    expect(endsOf(text)).toEqual(['a failed, b succeeded']);
    expect(acts(text)).not.toContain('a sends to .pipe.feed.b');
  });

  it('takes what somebody waits to send with the last message that is received', () => {
    const text = `
on_failure: continue
pipes: { feed: { from: a, to: b, capacity: 1 } }
processes:
  a: { steps: [{ send: feed, item: 1 }, { send: feed, item: 2 }] }
  b: { steps: [{ sleep: 5ms }, { recv: feed }] }
`;
    expect(play(text).end.exitCode).toBe(0);
    expect(endsOf(text)).toEqual(['a failed, b succeeded', 'a succeeded, b succeeded']);
  });

  it('is closed in both directions with one step', () => {
    const text = `
on_failure: continue
pipes: { link: { between: [a, b], capacity: 1 } }
processes:
  a: { steps: [{ close: link }, { sleep: 1s }] }
  b: { steps: [{ recv: link, allow_failure: true }, { send: link, item: 1 }] }
`;
    expect(endsOf(text)).toEqual(['a succeeded, b failed']);
  });
});

it('whoever sets with its end the event that it has waited for is looked at to the end', () => {
  const text = `
on_failure: continue
events: { go: }
processes:
  a: { steps: [{ wait: go }], sets: { success: go } }
  b: { steps: [{ set: go }, { clear: go }] }
`;
  expect(verdictOf(text).type).toBe('counterexample');
});

it('whoever waits for what it has itself is told of as well', () => {
  const verdict = verdictOf(`
semaphores: { slots: 2 }
processes:
  a: { steps: [{ acquire: slots, timeout: 1s, on_timeout: continue }, { acquire: { name: slots, permits: 2 } }] }
  b: { steps: [{ join: a }] }
`);
  expect(verdict).toMatchObject({ stuck: [{ name: 'a', waitsFor: ['slots'], place: ['processes', 'a', 'steps', 1] }], behind: ['b'] });
});

describe('the result of a task', () => {
  const text = (steps: string): string => `
on_failure: continue
pools: { crew: { workers: 1, steps: [${steps}] } }
processes:
  a: { steps: [{ submit: crew, item: 1, as: task }, { result: task }] }
`;

  it('is there where nothing in the task can fail', () => {
    expect(endsOf(text('{ sleep: 5ms }'))).toEqual(['a succeeded, crew succeeded, crew-1 succeeded']);
  });

  it('may not be where something can', () => {
    expect(endsOf(text('{ exit: 3 }'))).toContain('a failed, crew failed, crew-1 succeeded');
  });
});

it('whoever may be started again may do again what it has done, in a run as well', () => {
  const text = `
queues: { work: }
processes:
  giver: { autostart: false, steps: [{ put: work, item: 1 }, { sleep: 20ms }] }
  starter: { steps: [{ start: giver }, { sleep: 5ms }, { join: giver }, { start: giver }] }
  taker: { steps: [{ each: work, as: item, do: [{ print: taken }] }] }
`;
  expect(play(text).output.map(({ atMs, text: line }) => [atMs, line])).toEqual([[0, 'taken'], [20, 'taken']]);
  expect(endsOf(text)).toEqual(['giver succeeded, starter succeeded, taker succeeded']);
});
