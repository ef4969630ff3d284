import type { Json } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Step } from '../plan/step.ts';
import type { Context } from './context.ts';
import { machineScope } from './machine-scope.ts';
import type { MachineState } from './machine-state.ts';
import { renderJson } from './scope.ts';

/** The items that a `put` or `submit` step has to hand over, completed, in order. */
export function stepItems(
  context: Context,
  machine: MachineState,
  step: Extract<Step, { verb: 'put' | 'submit' }>,
): Result<readonly Json[], string> {
  const rendered = renderJson(context, machineScope(context, machine), step.itemList ?? step.items);
  if (!rendered.ok) return rendered;
  const items = rendered.value;
  return isList(items) ? ok(items) : err(`\`items\` is ${JSON.stringify(items)}, not a list`);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
