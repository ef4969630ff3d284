import { describe, expect, it } from 'vitest';
import { findActors } from '../../../src/verify/actor-world.ts';
import { deadlockFindings } from '../../../src/verify/deadlock-finding.ts';
import { describeJudgement } from '../../../src/verify/describe-judgement.ts';
import { renderVerdictPage } from '../../../src/verify/html/verdict-page.ts';
import { judge, type Judgement } from '../../../src/verify/judge.ts';
import { findMend } from '../../../src/verify/mend/find-mend.ts';
import type { Model } from '../../../src/verify/model.ts';
import { certifyOrder } from '../../../src/verify/order-certificate.ts';
import { acquires, firstOf, releases } from '../../../src/verify/script-words.ts';
import { replay } from '../../property/verify/replay.ts';
import { actor, one, semaphore } from '../../rig/benchmark-models.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const budget = { maxStates: 100_000, mayGoOn: (): boolean => true };
const deadlockCode = 5;

function judged(text: string): Judgement {
  return judge(validPlan(text), budget);
}

/** How a run along the way of the check ends, and whether it could follow that; null where there is none. */
function followed(text: string): unknown {
  const plan = validPlan(text);
  const { verdict } = judge(plan, budget);
  if (verdict.type !== 'counterexample') return null;
  const { exitCode, departure } = replay(plan, verdict.schedule);
  return { exitCode, departure };
}

const followedToTheEnd = { exitCode: deadlockCode, departure: null };

/** One who holds some and waits for a helper, who wants some as well, and another who wants all. */
const helped = (large: string, fair = true): string => `
semaphores: { memory: { permits: 2, fair: ${String(fair)} } }
processes:
  holder: { steps: [{ acquire: memory }, { join: helper }] }
  large: { steps: [${large}] }
  helper: { steps: [{ acquire: memory }] }
`;
const all = '{ acquire: { name: memory, permits: 2 } }';

describe('a fair semaphore', () => {
  it('says of who waits behind others in its line that he does, and not that it is held where there is enough of it', () => {
    const text = 'semaphores: { s: { permits: 3, fair: true } }\nprocesses:\n  small: { replicas: 2, steps: [{ acquire: s }, { sleep: 100ms }, { acquire: s }, { release: { name: s, permits: 2 } }] }\n  big: { steps: [{ sleep: 50ms }, { acquire: { name: s, permits: 3 } }] }\n';
    const [found] = deadlockFindings(validPlan(text), judged(text), () => ({ source: { name: '', text: '' }, start: 0, end: 0 }));
    const told = [found?.message, ...(found?.related.map(({ message }) => message) ?? [])].filter((message) => message?.includes('waits here') === true);
    expect(told).toEqual([
      '`small-1`, `small-2` and `big` can come to wait for ever: `small-1` waits here for `s`, in line behind `big` and `small-2`',
      '`small-2` waits here for `s`, in line behind `big`',
      '`big` waits here for `s`, held by `small-1`',
    ]);
    expect(renderVerdictPage([{ name: 'x', judgement: judged(text), lineOf: () => null }])).toContain('<td>waits for s, in line behind big</td>');
  });

  it('lets a small demand behind a large one wait for ever, with a way to it that a run can follow', () => {
    const { verdict, assumptions } = judged(helped(all));
    expect(verdict).toMatchObject({
      type: 'counterexample',
      steps: [
        { actor: 'holder', what: 'acquires memory' },
        { actor: 'large', what: 'waits in line for memory (2)' },
        { actor: 'helper', what: 'waits in line for memory' },
      ],
      stuck: [
        { name: 'holder', waitsFor: ['helper'] },
        { name: 'large', waitsFor: ['memory'] },
        { name: 'helper', waitsFor: ['memory'] },
      ],
    });
    expect(assumptions).toEqual([]);
    expect(followed(helped(all))).toEqual(followedToTheEnd);
  });

  it('is no deadlock where it is not fair, which is advised where nothing better is', () => {
    expect(judged(helped(all, false)).verdict.type).toBe('proved');
    const plan = validPlan(`
semaphores: { memory: { permits: 2, fair: true } }
processes:
  twice: { steps: [{ acquire: memory }, { acquire: memory }] }
  large: { steps: [${all}] }
`);
    expect(findMend(plan, judge(plan, budget).verdict, budget)?.hint).toBe('leave out `fair: true` of `memory`, so that who asks for little may pass who waits for much');
  });

  it.each([
    ['gives up after some time', '{ acquire: { name: memory, permits: 2 }, timeout: 1s, on_timeout: continue }'],
    ['only tries', '{ acquire: { name: memory, permits: 2 }, block: false, on_timeout: continue }'],
  ])('holds nobody up for ever where who asks for much %s', (_what, large) => {
    expect(judged(helped(large)).verdict.type).toBe('proved');
  });

  it('lets those behind go on where who is before them is ended', () => {
    const spec = (first: string): string => `
semaphores: { memory: { permits: 2, fair: true } }
processes:
  holder: { steps: [{ acquire: memory }, ${first}, { join: helper }] }
  large: { steps: [${all}] }
  helper: { steps: [{ acquire: memory }] }
`;
    expect(judged(spec('{ terminate: large }')).verdict.type).toBe('proved');
    expect(judged(spec('{ terminate: helper }')).verdict.type).toBe('proved');
    expect(judged(spec('{ sleep: 1s }')).verdict.type).toBe('counterexample');
  });

  it('holds up also those for whom there is enough, behind one who waits for something else with it', () => {
    const spec = `
semaphores: { memory: { permits: 2, fair: true } }
locks: { db: }
processes:
  holder: { steps: [{ acquire: db }, { join: helper }] }
  both: { steps: [{ acquire: [memory, db] }] }
  helper: { steps: [{ acquire: memory }] }
`;
    expect(judged(spec).verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'holder' }, { name: 'both', waitsFor: ['memory', 'db'] }, { name: 'helper' }] });
    expect(followed(spec)).toEqual(followedToTheEnd);
    expect(judged(spec.replace('fair: true', 'fair: false')).verdict.type).toBe('proved');
  });

  it('holds all up behind one who asks for more than is left by what he has himself, though that is only a daemon', () => {
    const spec = (fair: boolean): string => `
semaphores: { memory: { permits: 2, fair: ${String(fair)} } }
daemons: { greedy: { steps: [{ acquire: memory, timeout: 1s, on_timeout: continue }, { acquire: { name: memory, permits: 2 } }] } }
processes: { other: { steps: [{ sleep: 1s }, { acquire: memory }] } }
`;
    expect(judged(spec(true)).verdict).toMatchObject({ type: 'counterexample', stuck: [{ name: 'other' }, { name: 'greedy' }] });
    expect(judged(spec(false)).verdict.type).toBe('proved');
  });

  it('is proved by an order where those who wait for it hold nothing that others wait for, with nothing left out', () => {
    const text = `
max_parallel: 3
semaphores: { memory: { permits: 4, fair: true } }
pools: { work: { workers: 3, with: memory, tasks: { range: [1, 20] }, command: x } }
processes:
  build: { replicas: 20, with: { name: memory, permits: 3 }, command: x }
  report: { command: y, depends_on: [build], with: { name: memory, permits: 4 } }
`;
    expect(describeJudgement(judged(text))).toBe(
      'no deadlock: proved, since there is an order in which all is waited for\n  provided that programs wait in the run only for what they declare in `uses`, and neither take nor give back any other lock\n',
    );
  });

  it('is proved by a search where there is no such order, with nothing left out', () => {
    const judgement = judged(`
semaphores: { memory: { permits: 2, fair: true } }
events: { go: }
processes:
  first: { steps: [{ acquire: memory }, { acquire: memory }, { release: { name: memory, permits: 2 } }, { set: go }] }
  second: { steps: [{ wait: go }, { acquire: memory }, { acquire: memory }] }
`);
    expect(judgement.verdict).toMatchObject({ type: 'proved', by: 'search' });
    expect(describeJudgement(judgement)).toMatch(/^no deadlock: proved, after a look at all \d+ states\n$/u);
  });
});

it('what is refused is refused also where more than is left is asked for with it, as in a run', () => {
  const { verdict } = judged(`
locks: { db: }
semaphores: { memory: 2 }
processes:
  a: { steps: [{ acquire: memory }, { repeat: 2, do: [{ acquire: [memory, db], allow_failure: true }] }] }
`);
  expect(verdict.type).toBe('proved');
});

it('no order proves that somebody gets what there is none of', () => {
  const model: Model = { resources: [semaphore('none', 0, true)], actors: [actor('a', [acquires([one('none')]), releases([one('none')])])] };
  expect(certifyOrder(findActors(model)).isProof).toBe(false);
});

it('nobody stands in line who only tries', () => {
  const waysOf = (isTried: boolean): readonly string[] => {
    const script = [firstOf([{ operation: { do: 'acquire', demands: [one('seats')], isTimed: true, isTried }, next: [] }, { operation: { do: 'time_out', breaks: null }, next: [] }])];
    const { graphs } = findActors({ resources: [semaphore('seats', 1, true)], actors: [actor('a', script)] });
    return graphs.flatMap(({ locations }) => locations.flatMap(({ choices }) => choices.map(({ act }) => act.do)));
  };
  expect(waysOf(true)).toEqual(['acquire', 'time_out']);
  expect(waysOf(false)).toContain('line_up');
});
