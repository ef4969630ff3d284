import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strongComponents } from '../../../src/plan/strong-components.ts';
import { startOrder, stopOrder } from '../../../src/plan/start-order.ts';
import { planText, validPlan } from '../../rig/plan-of-text.ts';

/** Names in any order, and waits between them. */
interface Waits {
  readonly names: readonly string[];
  readonly edges: readonly (readonly [from: string, to: string])[];
}

const names = fc.shuffledSubarray('abcdefgh'.split(''), { minLength: 2 });

/** Only towards letters that come later, so that there is no cycle. */
const acyclic: fc.Arbitrary<Waits> = names.chain((list) =>
  fc
    .array(fc.tuple(fc.constantFrom(...list), fc.constantFrom(...list)), { maxLength: 16 })
    .map((pairs) => ({ names: list, edges: pairs.filter(([from, to]) => from < to) })),
);

const any: fc.Arbitrary<Waits> = names.chain((list) =>
  fc
    .array(fc.tuple(fc.constantFrom(...list), fc.constantFrom(...list)), { maxLength: 16 })
    .map((pairs) => ({ names: list, edges: pairs.filter(([from, to]) => from !== to) })),
);

function specOf({ names: list, edges }: Waits): string {
  const lines = list.map((name) => {
    const waits = new Set(edges.filter(([from]) => from === name).map(([, to]) => to));
    return `  ${name}: { command: x, depends_on: [${[...waits].join(', ')}] }`;
  });
  return `processes:\n${lines.join('\n')}\n`;
}

function reach(edges: Waits['edges'], from: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [from];
  for (const name of open) {
    for (const [start, end] of edges) {
      if (start !== name || seen.has(end)) continue;
      seen.add(end);
      open.push(end);
    }
  }
  return seen;
}

/** Names that are on a cycle together, by definition: each reaches the other. */
function componentsOf({ names: list, edges }: Waits): readonly string[] {
  const groups = list
    .filter((name) => reach(edges, name).has(name))
    .map((name) =>
      list
        .filter((other) => reach(edges, name).has(other) && reach(edges, other).has(name))
        .toSorted()
        .join(''),
    );
  return [...new Set(groups)].toSorted();
}

describe('start order', () => {
  it('starts everything once, after all it waits for, and stops it before them', () => {
    fc.assert(
      fc.property(acyclic, (waits) => {
        const plan = validPlan(specOf(waits));
        const started = startOrder(plan).main.map((works) => works.map(({ name }) => name));
        expect(started.flat().toSorted()).toEqual(waits.names.toSorted());
        const wave = new Map(
          started.flatMap((works, index) => works.map((name) => [name, index] as const)),
        );
        const stopped = stopOrder(plan)
          .flat()
          .map(({ name }) => name);
        for (const [from, to] of waits.edges) {
          expect(wave.get(from)).toBeGreaterThan(wave.get(to) ?? Number.POSITIVE_INFINITY);
          expect(stopped.indexOf(from)).toBeLessThan(stopped.indexOf(to));
        }
      }),
    );
  });
});

describe('dependency cycles', () => {
  it('are reported once for each set of names that reach each other, as a real cycle within it', () => {
    fc.assert(
      fc.property(any, (waits) => {
        const { diagnostics } = planText(specOf(waits));
        const cycles = diagnostics
          .filter(({ code }) => code === 'MP202')
          .map(({ message }) =>
            [...(message.split(' wait for each other')[0]?.matchAll(/`(\w)`/g) ?? [])].map(
              (match) => match[1] ?? '',
            ),
          );
        const components = componentsOf(waits);
        for (const cycle of cycles) {
          expect(
            components.filter((component) => cycle.every((name) => component.includes(name))),
          ).toHaveLength(1);
          expect(cycle[0]).toBe(cycle.at(-1));
          for (const [index, to] of cycle.slice(1).entries()) {
            expect(waits.edges).toContainEqual([cycle[index], to]);
          }
        }
        expect(cycles).toHaveLength(components.length);
      }),
    );
  });

  it('do not depend on the order of the keys where there is one way around', () => {
    fc.assert(
      fc.property(names, names, (ring, order) => {
        const edges = ring.map((name, index): readonly [string, string] => [
          name,
          ring[(index + 1) % ring.length] ?? name,
        ]);
        const sorted = order.filter((name) => ring.includes(name));
        const list = [...sorted, ...ring.filter((name) => !sorted.includes(name))];
        const { diagnostics } = planText(specOf({ names: list, edges }));
        const [first = ''] = list;
        const start = ring.indexOf(first);
        const around = [...ring.slice(start), ...ring.slice(0, start), first]
          .map((name) => `\`${name}\``)
          .join(' → ');
        expect(diagnostics.map(({ code }) => code)).toEqual(['MP202']);
        expect(diagnostics[0]?.message.startsWith(`${around} wait`)).toBe(true);
      }),
    );
  });
});

describe('strongComponents', () => {
  it('gives each component before those that point to it, without recursion', () => {
    const chain = Array.from({ length: 100_000 }, (_, index) =>
      index === 99_999 ? [] : [index + 1],
    );
    const components = strongComponents(chain);
    expect(components).toHaveLength(100_000);
    expect(components[0]).toEqual([99_999]);
    const ring = chain.map((next) => (next.length === 0 ? [0] : next));
    expect(strongComponents(ring)).toHaveLength(1);
  });
});
