import { editWays } from './edit-ways.ts';
import type { Model } from './model.ts';

/** The model of those runs in which every command succeeds. */
export function withoutFailures(model: Model): Model {
  return editWays(model, ({ operation }) => operation.do !== 'nothing' || operation.program !== 'fails');
}
