import type { Plan } from '../plan.ts';
import { planView } from './plan-view.ts';

/** The plan for machines: one JSON document, indented, ending with a line break. */
export function renderPlanJson(plan: Plan): string {
  return `${JSON.stringify(planView(plan), null, 2)}\n`;
}
