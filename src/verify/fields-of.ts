import type { ModelSystem } from './model-system.ts';

/** The fields of a state that are of one actor alone: where it is, its places in lines, and since when it holds what. */
export function fieldsOf({ layout }: Pick<ModelSystem, 'layout'>, actor: number): readonly number[] {
  return [layout.actorField(actor), layout.turnField(actor), layout.aheadField(actor), ...layout.agesFields(actor)].filter((field) => field !== null);
}
