import { describe, expect, it } from 'vitest';
import { codesOf, instanceOf, validPlan } from '../../rig/plan-of-text.ts';

describe('a variable that is passed on', () => {
  const spec = 'processes: { a: { command: x, environment: { TOKEN: , OTHER: null, TEXT: "null" } }, b: { command: x, environment: [TOKEN] } }';

  it('is noted where mpctl has none', () => {
    expect(codesOf(spec)).toEqual(['MP137', 'MP137', 'MP137']);
    expect(codesOf(spec, { environment: { TOKEN: '1', OTHER: '' } })).toEqual([]);
    expect(codesOf(spec, { environment: { OTHER: '' }, overrides: { environment: [['TOKEN', '1']] } })).toEqual([]);
  });

  it('has no value, and `null` in quotes is text', () => {
    const plan = validPlan(spec, { environment: { TOKEN: '1', OTHER: '' } });
    expect(instanceOf(plan, 'a').environment).toEqual([[['TOKEN', null], ['OTHER', null], ['TEXT', 'null']]]);
    expect(instanceOf(plan, 'b').environment).toEqual([[['TOKEN', null]]]);
  });
});
