import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { countedBudget } from '../../../cmd/find-deadlocks.ts';
import { explore } from '../../../src/verify/explore.ts';
import { judge } from '../../../src/verify/judge.ts';
import { findMends } from '../../../src/verify/mend/find-mend.ts';
import { ReducedSystem } from '../../../src/verify/reduced-system.ts';
import { compilePlan } from '../../../src/verify/compile/compile-plan.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const examples = path.join(import.meta.dirname, '../../../examples/deadlocks');
const amount = { mostAsked: 100, mostStates: 50_000 };

it.each(readdirSync(examples))('finds what mends %s with the work that is counted, whatever the clock says', (name) => {
  const plan = validPlan(readFileSync(path.join(examples, name, 'wrong.yaml'), 'utf8'));
  const { verdict } = judge(plan, { maxStates: 50_000, mayGoOn: () => true });
  expect(findMends(plan, verdict, countedBudget(plan, amount)).every((mend) => mend !== null)).toBe(true);
});

it('counts more of a larger plan for each search that begins, and asks as often', () => {
  const asked = (processes: number): number => {
    const budget = countedBudget(validPlan(`processes: { a: { replicas: ${processes}, command: x } }`), amount);
    let times = 0;
    while (budget.mayGoOn(0)) times += 1;
    return times;
  };
  expect([asked(1), asked(16), asked(1000)]).toEqual([100, 50, 1]);
});

it('is asked for soon where each state has many fields and ways on', () => {
  const plan = validPlan(`locks: { a: }\nprocesses: {\n${Array.from({ length: 300 }, (_, number) => `  p${number}: { steps: [{ acquire: a }, { print: "${number}" }, { release: a }] }`).join(',\n')} }`);
  const system = new ReducedSystem(new ModelSystem(compilePlan(plan).model), []);
  let states = 0;
  const mayGoOn = (count: number): boolean => {
    states = count;
    return false;
  };
  explore(system, { budget: { maxStates: 100_000, mayGoOn }, judgesEnd: false, stopsAtStuck: false, isReduced: false });
  expect(states).toBeLessThan(2000);
});
