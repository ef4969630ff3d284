import fc from 'fast-check';
import { expect } from 'vitest';

/** Of what is so rare that it is missed in so many parts there is too little. */
const mostParts = 10;

/** What a property is to have met among what was drawn. */
export interface Wanted {
  readonly count: () => number;
  readonly moreThan: number;
}

/**
 * Asserts a property, and goes on to draw as many again until enough of what it is about was among them: how much of it is among the
 * first is up to chance. Equal for equal seeds.
 */
export function assertUntil<Drawn>(property: fc.IProperty<Drawn>, parameters: fc.Parameters<Drawn>, { count, moreThan }: Wanted): void {
  const { seed = 0 } = fc.readConfigureGlobal();
  for (let part = 0; part < mostParts && (part === 0 || count() <= moreThan); part += 1) fc.assert(property, { ...parameters, seed: seed + part });
  expect(count()).toBeGreaterThan(moreThan);
}
