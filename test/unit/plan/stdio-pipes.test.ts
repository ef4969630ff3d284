import { describe, expect, it } from 'vitest';
import { instanceOf, validPlan } from '../../rig/plan-of-text.ts';

describe('pipes over standard streams', () => {
  it('join both ends and are no primitives', () => {
    const plan = validPlan(`
pipes: { p: { between: [a, b], via: stdio } }
processes: { a: { command: x }, b: { command: x } }
`);
    expect(plan.primitives).toEqual([]);
    expect(plan.stdioPipes).toMatchObject([
      { name: 'p', from: 'a', to: 'b', duplex: true, pipefail: false },
    ]);
    for (const name of ['a', 'b']) {
      expect(instanceOf(plan, name)).toMatchObject({
        stdin: { type: 'pipe', pipe: 'p' },
        stdout: { type: 'pipe', pipe: 'p' },
      });
    }
  });
});
