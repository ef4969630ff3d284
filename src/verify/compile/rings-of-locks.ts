import type { InstancePlan, PoolPlan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';

type Work = InstancePlan | PoolPlan;

/** Instances of one process run the same program, which takes its locks in one order. */
export function programOf(work: Work): string {
  return 'process' in work ? work.process : work.name;
}

/**
 * The processes and pools that take locks one after the other which others take as well, be it each of them two in a ring: where their programs
 * do so in whatever order, they may come to wait for each other, and whether they do is what somebody asks who declares that.
 */
export function ringsOfLocks(works: readonly Work[], stepsOf: (name: string) => readonly Step[]): ReadonlySet<string> {
  const found = new Set<string>();
  if (works.every(({ declaredHolds }) => declaredHolds.length < 2)) return found;
  const taken = new Map<string, Set<string>>();
  for (const work of works) {
    // What it takes may be another thing in each instance (`matrix`).
    const locks = taken.get(programOf(work)) ?? new Set();
    for (const lock of takenInTurn(work, stepsOf(work.name))) locks.add(lock);
    taken.set(programOf(work), locks);
  }
  const takers = new Map<string, string[]>();
  for (const [program, locks] of taken) {
    for (const lock of locks) {
      const others = takers.get(lock);
      if (others === undefined) takers.set(lock, [program]);
      else others.push(program);
    }
  }
  const seen = new Set<string>();
  for (const first of takers.keys()) {
    if (seen.has(first)) continue;
    const locks = new Set([first]);
    const programs = new Set<string>();
    for (const lock of locks) {
      seen.add(lock);
      for (const program of takers.get(lock) ?? []) {
        programs.add(program);
        for (const other of taken.get(program) ?? []) locks.add(other);
      }
    }
    // Who takes several links them; where there are more links than it takes to make all of them one, some are a ring.
    const links = [...programs].reduce((sum, program) => sum + (taken.get(program)?.size ?? 1) - 1, 0);
    if (links >= locks.size) for (const program of programs) found.add(program);
  }
  return found;
}

/** Where it takes all that it ever does at once, it has nothing while it waits. */
function takenInTurn({ holds, declaredHolds }: Work, steps: readonly Step[]): ReadonlySet<string> {
  const ofSteps = steps.flatMap((step) => (step.verb === 'acquire' || step.verb === 'with' ? [step.demands] : []));
  const taken = [...[holds, ...ofSteps].map((demands) => demands.map(({ name }) => name)), ...declaredHolds.map((name) => [name])].filter((names) => names.length > 0);
  return new Set(taken.length > 1 ? taken.flat() : []);
}
