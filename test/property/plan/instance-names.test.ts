import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planText } from '../../rig/plan-of-text.ts';

const value = fc.constantFrom('a', 'A', '1', '1.0', 'a b', 'a/b', '-', '_');
const process = fc.record({
  name: fc.constantFrom('w', 'w-1', 'w-a', 'W_a', 'x'),
  replicas: fc.option(fc.integer({ min: 1, max: 3 })),
  values: fc.option(fc.uniqueArray(value, { minLength: 1, maxLength: 3 })),
});

function fold(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

it('names every instance apart from all others and from every process, or says what clashes', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(process, { selector: ({ name }) => fold(name), minLength: 1 }),
      (list) => {
        const lines = list.map(({ name, replicas, values }) => {
          const counted = replicas === null ? '' : `, replicas: ${replicas}`;
          const matrix = values === null ? '' : `, matrix: { v: ${JSON.stringify(values)} }`;
          return `  ${name}: { command: x${counted}${matrix} }`;
        });
        const { plan, diagnostics } = planText(`processes:\n${lines.join('\n')}\n`);
        const codes = new Set(diagnostics.map(({ code }) => code));
        expect(codes).toEqual(new Set(plan === null ? ['MP124'] : []));
        if (plan === null) return;
        const names = plan.instances.map(({ name }) => name);
        expect(new Set(names.map(fold)).size).toBe(names.length);
        for (const { name, process: own } of plan.instances) {
          expect(list.some((other) => other.name !== own && fold(other.name) === fold(name))).toBe(
            false,
          );
        }
        const wanted = list.map(({ replicas, values }) => (replicas ?? 1) * (values?.length ?? 1));
        expect(names).toHaveLength(wanted.reduce((sum, count) => sum + count, 0));
      },
    ),
  );
});
