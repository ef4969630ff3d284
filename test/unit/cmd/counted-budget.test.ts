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

it('looks at no more than some ten thousand states for all that might mend a small plan, each of which takes its time', () => {
  const plan = validPlan(`
on_failure: continue
semaphores: { slots: { permits: 2, bounded: true } }
queues: { work: { items: [1] }, more: { items: [1], on_consumer_death: redeliver } }
pools:
  crew: { workers: 2, worker: serve, max_tasks_per_worker: 1, tasks: { queue: work }, retry: { attempts: 2 }, results: { queue: work }, with: [{ name: slots, permits: 2 }] }
processes:
  a: { depends_on: { crew: { condition: failure } }, steps: [{ acquire: slots, block: false, on_timeout: continue }, { acquire: { name: slots, permits: 2 } }, { join: crew }] }
  b: { command: any, stdout: { queue: more }, replicas: 2, uses: { work: [put, get], more: [get, task_done], crew: submit } }
`);
  const { verdict } = judge(plan, { maxStates: 4000, mayGoOn: () => true });
  expect(verdict.type).toBe('counterexample');
  const budget = countedBudget(plan, amount);
  const found: number[] = [];
  let last = 0;
  const mayGoOn = (states: number): boolean => {
    if (states < last) found.push(last);
    last = states;
    return budget.mayGoOn(states);
  };
  findMends(plan, verdict, { ...budget, mayGoOn });
  const looked = [...found, last].reduce((sum, states) => sum + states, 0);
  expect(looked).toBeGreaterThan(5000);
  expect(looked).toBeLessThan(40_000);
});
