import { describe, expect, it } from 'vitest';
import { Remedian } from '../../../src/jobs/remedian.ts';

describe('the median of many', () => {
  it('is exact for few and near for many', () => {
    const few = new Remedian();
    expect(few.median).toBeNull();
    for (const value of [5, 1, 9, 3]) few.add(value);
    expect(few.median).toBe(3);
    const many = new Remedian();
    for (let value = 0; value < 10_000; value += 1) many.add((value * 7919) % 10_000);
    expect(many.median).toBeGreaterThan(4000);
    expect(many.median).toBeLessThan(6000);
  });
});
