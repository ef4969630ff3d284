import { anyKey, type GapNode } from '../../spec/gaps.ts';
import type { Actor } from '../plan.ts';
import { hidesSteps } from './hides-steps.ts';

/** What a missing part of a spec might have done to a thing that the rest of the spec names. */
export type Deed = Actor['action'] | 'release' | 'stop';

const allDeeds: readonly Deed[] = ['put', 'get', 'set', 'wait', 'notify', 'submit', 'start', 'release', 'stop'];

/** What may be missing under the keys of a process or pool; nothing that acts under any other. */
const deedsUnder: Readonly<Record<string, readonly Deed[]>> = {
  sets: ['set'],
  wait_for: ['wait'],
  stdin: ['get'],
  stdout: ['put'],
  stderr: ['put'],
  tasks: ['get'],
  results: ['put'],
  uses: allDeeds,
  [anyKey]: allDeeds,
};

/** Each instance and slot is a party of its own. */
const countKeys = ['replicas', 'matrix', 'workers'] as const;

/** The sections whose things act. */
export const actingSections = ['processes', 'daemons', 'finally', 'pools'] as const;

/** What the gaps in the text of a spec may hide. */
export function hiddenDeeds(spec: GapNode): ReadonlySet<Deed> {
  if ([...actingSections, 'include', anyKey].some((key) => spec.children.get(key)?.isGap === true)) return new Set(allDeeds);
  const found = new Set<Deed>();
  for (const work of worksOf(spec)) {
    if (work.isGap) return new Set(allDeeds);
    for (const key of work.children.keys()) for (const deed of deedsUnder[key] ?? []) found.add(deed);
    const steps = work.children.get('steps');
    if (steps !== undefined && hidesSteps(steps)) return new Set(allDeeds);
  }
  if (hidesParties(spec)) found.add('wait');
  return found;
}

/** Whether somewhere it is not known how many instances or slots there are. */
export function hidesParties(spec: GapNode): boolean {
  return worksOf(spec).some(({ children }) => countKeys.some((key) => children.has(key)));
}

function worksOf({ children }: GapNode): readonly GapNode[] {
  return actingSections.flatMap((section) => [...(children.get(section)?.children.values() ?? [])]);
}
