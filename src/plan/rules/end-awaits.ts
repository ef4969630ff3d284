import type { SourceRange } from '../../diagnostics/source.ts';
import type { InstancePlan } from '../plan.ts';
import { isDeclaredEndless } from '../is-declared-endless.ts';
import { howSure, weightOfWait, type Weight } from './how-sure.ts';
import { locateDependency } from './locate-dependency.ts';
import type { RuleInput } from './rule.ts';
import { stoppedBySteps } from './stopped-by-steps.ts';

/** A wait without limit for the end of something that is declared endless. */
export interface EndAwait {
  /** Who waits. */
  readonly waiter: string;
  /** `exit`, `success`, `failure`, or `end` for a `join`. */
  readonly what: string;
  /** The process as it was named, and one of its instances. */
  readonly name: string;
  readonly endless: InstancePlan;
  readonly range: SourceRange;
  /** How much a finding of it weighs. */
  readonly weight: Weight;
}

/**
 * The waits for the end of what has `restart: always`. Left out is what may come all the same: the
 * `exit` of something that a step or a program may terminate, and what `finally` waits for of a
 * process, which was stopped before.
 */
export function endAwaits(input: RuleInput): readonly EndAwait[] {
  const endlessOf = endlessLookup(input);
  return [...awaitsBeforeStart(input, endlessOf), ...awaitsInSteps(input, endlessOf)];
}

/** The first of these instances that never reaches the moment, or null where each may. */
type EndlessLookup = (names: readonly string[], moment: string) => InstancePlan | null;

function endlessLookup(input: RuleInput): EndlessLookup {
  const stoppable = stoppedBySteps(input);
  const mayBeStopped = input.gaps.mayHide('stop') || input.gaps.mayHide('start');
  return (names, moment) => {
    for (const name of names) {
      const instance = input.instances.get(name);
      if (instance === undefined || !isDeclaredEndless(instance)) continue;
      if (moment === 'exit' && (mayBeStopped || stoppable.has(instance.name))) continue;
      return instance;
    }
    return null;
  };
}

function awaitsBeforeStart(input: RuleInput, endlessOf: EndlessLookup): readonly EndAwait[] {
  const found: EndAwait[] = [];
  for (const work of input.works) {
    for (const dependency of work.dependsOn) {
      const { target, moment } = dependency;
      if (target.type === 'pool' || moment === 'start' || moment === 'ready' || dependency.timeoutMs !== null) continue;
      if (input.gaps.mayLack(dependency.place, 'condition')) continue;
      const endless = endlessOf(target.instances, moment);
      const waiter = 'process' in work ? work.process : work.name;
      const wasStopped =
        'kind' in work &&
        work.kind === 'finally' &&
        endless?.kind === 'process' &&
        moment === 'exit';
      if (endless === null || wasStopped) continue;
      found.push({
        waiter,
        what: moment,
        name: dependency.name,
        endless,
        range: locateDependency(input.locate, dependency),
        weight: weightOfWait(input, work),
      });
    }
  }
  return found;
}

function awaitsInSteps(input: RuleInput, endlessOf: EndlessLookup): readonly EndAwait[] {
  const found: EndAwait[] = [];
  for (const body of input.bodies) {
    for (const [step, how] of howSure(body.steps)) {
      if (step.verb !== 'join' || step.timeoutMs !== null || step.target.kind !== 'instances')
        continue;
      if ('kind' in body.work && body.work.kind === 'finally') continue;
      const endless = endlessOf(step.target.instances, 'exit');
      if (endless === null) continue;
      const range = input.locate([...step.place, 'join'], 'value');
      found.push({ waiter: body.owner, what: 'end', name: step.target.name, endless, range, weight: weightOfWait(input, body.work, how) });
    }
  }
  return found;
}
