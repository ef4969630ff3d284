import type { Context } from './context.ts';
import type { ProcessPurpose } from './process-state.ts';

/** The attempt of an instance that this command may tell to be ready, where its probe is `notify`; else null. */
export function notifiedAttempt(context: Context, purpose: ProcessPurpose): number | null {
  const owner = purpose.type === 'step' ? context.machine(purpose.machine).purpose : purpose;
  if (owner.type !== 'main' && owner.type !== 'instance') return null;
  const { plan, attempt } = context.instance(owner.instance);
  return plan.readinessProbe?.type === 'notify' ? attempt : null;
}
