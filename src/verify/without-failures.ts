import type { Plan } from '../plan/plan.ts';
import { editWays } from './edit-ways.ts';
import type { Model, Way } from './model.ts';
import { slotsOf } from '../plan/slots-of.ts';

/** The model of those runs in which every command succeeds, and all that is printed is written. */
export function withoutFailures(model: Model): Model {
  return editWays(model, isNoFailure);
}

/** The model of those runs in which every command succeeds but where its failure is let pass: such a run may well succeed. */
export function withoutFatalFailures({ instances, pools }: Plan, model: Model): Model {
  const actors = new Set([
    // A daemon that fails for good fails the run, however often it was started again before.
    ...instances.flatMap(({ name, kind, allowFailure, restart }) => (allowFailure || (restart !== 'no' && kind === 'process') ? [name] : [])),
    ...pools.flatMap((pool) => (pool.allowFailure || pool.retry.attempts > 1 ? slotsOf(pool) : [])),
  ]);
  // One that drops nothing is of `allow_failure`.
  return editWays(model, isNoFailure, { actors, isLeft: (statement) => statement.type === 'attempt' && statement.drops === 'nothing' });
}

/** The same, where no pool fails. */
export function withoutFailedPools(model: Model): Model {
  const others = new Set(model.actors.flatMap(({ name, ofPool }) => (ofPool === 'pool' ? [] : [name])));
  return editWays(withoutFailures(model), (way) => way.operation.do !== 'nothing' || !endsFailed(way), { actors: others, isLeft: () => false });
}

function endsFailed({ next: [first] }: Way): boolean {
  return first?.type === 'end' && first.outcome === 'failed';
}

function isNoFailure({ operation }: Way): boolean {
  return operation.do !== 'nothing' || (operation.program !== 'fails' && operation.fails !== 'file' && operation.fails !== 'start');
}
