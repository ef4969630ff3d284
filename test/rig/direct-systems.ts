/* Benchmarks whose actors choose as no script says it: written directly as systems of transitions. */
import type { TransitionSystem } from '../../src/verify/transition-system.ts';

type Counts = readonly number[];

interface Rule {
  readonly name: string;
  /** The next state, or null where it does not apply. */
  readonly apply: (state: Counts) => Counts | null;
}

function systemOf(fieldSizes: Counts, initial: Counts, rules: readonly Rule[], isGoal: (state: Counts) => boolean): TransitionSystem {
  return {
    fieldSizes,
    initial,
    expand: (state, successor) => {
      for (const [index, { apply }] of rules.entries()) {
        const next = apply([...state]);
        if (next === null) continue;
        for (const [field, value] of next.entries()) successor.set(field, value);
        successor.reach(index);
      }
      return true;
    },
    normalize: () => undefined,
    endless: 0,
    endlessOf: () => -1,
    mayNeverCome: () => false,
    isResting: () => true,
    isFinal: () => false,
    isGoal: (state) => isGoal([...state]),
    describe: (transition) => rules[transition]?.name ?? '',
  };
}

/** Moves so many from one place to the next, where all that it needs is there. */
function moves(name: string, changes: Readonly<Record<number, number>>): Rule {
  return {
    name,
    apply: (state) => {
      const next = state.map((value, field) => value + (changes[field] ?? 0));
      return next.every((value) => value >= 0) ? next : null;
    },
  };
}

/**
 * A small manufacturing system (S³PR): parts of two kinds go through machine, robot and machine in
 * opposite order, each keeping its place until it has the next. Everything can be finished from a state
 * of which all parts can come home.
 */
export function manufacturingCells(parts: number): TransitionSystem {
  // 0–2: free places of M1, R, M2; 3 and 7: parts at home; 4–6 and 8–10: parts on their way.
  const line = (name: string, home: number, places: readonly [number, number, number]): readonly Rule[] => {
    const [first, second, third] = places;
    return [
      moves(`${name} begins`, { [home]: -1, [home + 1]: 1, [first]: -1 }),
      moves(`${name} goes on`, { [home + 1]: -1, [home + 2]: 1, [second]: -1, [first]: 1 }),
      moves(`${name} goes on again`, { [home + 2]: -1, [home + 3]: 1, [third]: -1, [second]: 1 }),
      moves(`${name} comes home`, { [home + 3]: -1, [home]: 1, [third]: 1 }),
    ];
  };
  const sizes = [2, 2, 2, parts + 1, 2, 2, 2, parts + 1, 2, 2, 2];
  const initial = [1, 1, 1, parts, 0, 0, 0, parts, 0, 0, 0];
  return systemOf(sizes, initial, [...line('a', 3, [0, 1, 2]), ...line('b', 7, [2, 1, 0])], (state) => state[3] === parts && state[7] === parts);
}

/** Cigarette smokers: the agent lays out two of three ingredients; each smoker has the third. */
export function smokers(picksUpAtOnce: boolean): TransitionSystem {
  // 0: the agent may go on; 1–3: ingredients on the table; 4–6: smoker n has its first; 7–9: it has both.
  const three = [0, 1, 2];
  const rules = three.flatMap((smoker): readonly Rule[] => {
    const [first, second] = [1 + ((smoker + 1) % 3), 1 + ((smoker + 2) % 3)];
    return [
      moves(`agent lays out for ${String(smoker)}`, { 0: -1, [first]: 1, [second]: 1 }),
      ...(picksUpAtOnce
        ? [moves(`${String(smoker)} takes both`, { [first]: -1, [second]: -1, [7 + smoker]: 1 })]
        : [
            moves(`${String(smoker)} takes one`, { [first]: -1, [4 + smoker]: 1 }),
            moves(`${String(smoker)} takes the other`, { [second]: -1, [4 + smoker]: -1, [7 + smoker]: 1 }),
          ]),
      moves(`${String(smoker)} has smoked`, { [7 + smoker]: -1, 0: 1 }),
    ];
  });
  return systemOf([2, 2, 2, 2, 2, 2, 2, 2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0], rules, (state) => state[0] === 1);
}

/** TLC's `Barrier`: parties come one by one, and are let go on together by a step of its own. */
export function barrierWithRelease(parties: number): TransitionSystem {
  const arrivals = Array.from({ length: parties }, (_, party): Rule => ({
    name: `${String(party)} arrives`,
    apply: (state) => (state[party] === 1 ? null : state.with(party, 1)),
  }));
  const release: Rule = { name: 'release', apply: (state) => (state.every((value) => value === 1) ? state.map(() => 0) : null) };
  const nobody = Array.from({ length: parties }, () => 0);
  return systemOf(Array.from({ length: parties }, () => 2), nobody, [...arrivals, release], () => true);
}
