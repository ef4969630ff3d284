import type { Context } from './context.ts';
import type { Phase, Unit } from './unit-state.ts';

/** Goes on to another phase, which it is in since now. */
export function enterPhase({ nowMs }: Pick<Context, 'nowMs'>, unit: Unit, phase: Phase): void {
  unit.phase = phase;
  unit.sinceMs = nowMs;
}
