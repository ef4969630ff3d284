import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

/** What is told of the way to the deadlock of a spec that goes on after failures. */
function wayOf(text: string): readonly string[] {
  const { verdict } = judge(validPlan(`on_failure: continue\n${text}`), { maxStates: 10_000, mayGoOn: () => true });
  return verdict.type === 'counterexample' ? verdict.steps.map(({ actor, what }) => `${actor} ${what}`) : [verdict.type];
}

describe('that a command fails is told on the way to a deadlock', () => {
  it('that would not be there if it succeeded', () => {
    const waits = 'a: { steps: [{ wait: go }], sets: { success: go } }';
    expect(wayOf(`events: { go: }\nprocesses: { ${waits}, b: { command: x, sets: { success: go } } }`)).toEqual(['b runs a command that fails']);
    expect(wayOf(`events: { go: }\nprocesses: { ${waits}, b: { steps: [{ run: x }, { set: go }] } }`)).toEqual(['b runs a command that fails']);
    expect(wayOf(`events: { go: }\nprocesses: { ${waits} }\npools: { b: { tasks: [1], workers: 1, command: x, sets: { success: go } } }`)).toContain('b-1 runs a command that fails');
  });

  it('unless it would be the same one if it succeeded', () => {
    const crossed = 'p: { depends_on: { b: { condition: exit } }, steps: [{ acquire: k }, { acquire: l }] }, q: { steps: [{ acquire: l }, { acquire: k }] }';
    expect(wayOf(`locks: { k: , l: }\nprocesses: { ${crossed}, b: { command: x } }`).toSorted()).toEqual(['p acquires k', 'q acquires l']);
  });
});
