/* Changes for those who wait for others inside of a step `with`, whose lock the others need. */
import type { Plan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import type { StuckActor } from '../told-deadlock.ts';
import { editSteps, stands } from './edit-steps.ts';
import type { Mend } from './mend.ts';

type With = Extract<Step, { verb: 'with' }>;

/** What waits for others, and gives them nothing. A condition is left out by whoever asks: it is waited for with its lock held. */
const waits: ReadonlySet<Step['verb']> = new Set(['wait', 'join', 'result']);

/** What a step `with` holds is not held while somebody waits in it for others. `limits`: locks and semaphores that are waited for. */
export function* awaitedOutside(plan: Plan, stuck: readonly StuckActor[], limits: readonly string[]): Generator<Mend> {
  const locked = new Set(plan.primitives.flatMap(({ kind, name }) => (kind === 'condition' ? [name] : [])));
  for (const { name, place, waitsFor } of stuck) {
    if (waitsFor.some((what) => limits.includes(what) || locked.has(what))) continue;
    let hint: string | null = null;
    const mended = editSteps(plan, (steps) =>
      steps.flatMap((step): readonly Step[] => {
        if (step.verb !== 'with' || !step.demands.some((demand) => limits.includes(demand.name))) return [step];
        const index = step.steps.findIndex((inner) => stands(inner, place) && waits.has(inner.verb));
        const wait = step.steps[index];
        if (wait === undefined) return [step];
        const [held, awaited] = [step.demands.map((demand) => demand.name), list(waitsFor)];
        hint = index === 0 ? `let \`${name}\` wait for ${awaited} before it takes ${list(held)}` : `end the step \`with\` that holds ${list(held)} before ${awaited} is waited for`;
        return [...around(step, step.steps.slice(0, index)), wait, ...around(step, step.steps.slice(index + 1))];
      }),
    );
    if (hint !== null) yield { hint, plan: mended };
  }
}

function around(step: With, steps: readonly Step[]): readonly Step[] {
  return steps.length === 0 ? [] : [{ ...step, steps }];
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
