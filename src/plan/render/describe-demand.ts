import type { Demand } from '../../sync/operation.ts';

/** A demand as text: `db`, `gpu ×2`. */
export function describeDemand(demand: Demand): string {
  return demand.permits === 1 ? demand.name : `${demand.name} ×${demand.permits}`;
}
