import { present } from '../../base/invariant.ts';
import type { Moment, Plan } from '../plan.ts';
import { startOrder, stopOrder } from '../start-order.ts';
import type { PlannedWork } from '../start-order.ts';
import type { Demand } from '../../sync/operation.ts';
import { describeBody } from './describe-work.ts';
import { sharedThings } from './shared-things.ts';
import type { SharedThing } from './shared-things.ts';

/** Version of the JSON that `mpctl plan --format json` prints; it rises with every change that is not an addition. */
export const planViewVersion = 1;

/** A list of names longer than this is counted instead. */
const longestNames = 24;

/** What `mpctl plan` shows, the same in every format. JSON-safe; keys and lists have a fixed order. */
export interface PlanView {
  readonly version: typeof planViewVersion;
  readonly name: string;
  readonly description: string | null;
  readonly spec: string;
  readonly onFailure: 'stop' | 'continue';
  readonly timeoutMs: number | null;
  readonly maxParallel: number | null;
  /** What is started together once the waves before have got to the awaited moments. */
  readonly start: readonly (readonly WorkView[])[];
  readonly finally: readonly (readonly WorkView[])[];
  /** Names, in the order in which what still runs is stopped. */
  readonly stop: readonly (readonly string[])[];
  readonly shared: readonly SharedThing[];
}

/** One instance, the instances of a process that differ in nothing but their name, or a pool. */
export interface WorkView {
  /** `api`, `api ×3`, or the name of the one instance. */
  readonly label: string;
  readonly kind: 'process' | 'daemon' | 'finally' | 'pool';
  /** The process or pool. */
  readonly process: string;
  readonly instances: readonly string[];
  readonly description: string | null;
  readonly runs: string;
  /** Slots of a pool; null for a process. */
  readonly workers: number | null;
  readonly dependsOn: readonly {
    readonly name: string;
    readonly moment: Moment;
    readonly timeoutMs: number | null;
  }[];
  readonly waitFor: readonly {
    readonly name: string;
    readonly kind: 'event' | 'barrier';
    readonly timeoutMs: number | null;
  }[];
  readonly holds: readonly Demand[];
  readonly sets: readonly { readonly moment: Moment; readonly events: readonly string[] }[];
  readonly autostart: boolean;
}

/** Gathers what all formats show. Linear in the plan. */
export function planView(plan: Plan): PlanView {
  const order = startOrder(plan);
  const counts = new Map<string, number>();
  for (const instance of plan.instances)
    counts.set(instance.process, (counts.get(instance.process) ?? 0) + 1);
  const view = (works: readonly PlannedWork[]): readonly WorkView[] =>
    groups(works).map((group) => workView(group, counts));
  return {
    version: planViewVersion,
    name: plan.name,
    description: plan.description,
    spec: plan.specFile,
    onFailure: plan.onFailure,
    timeoutMs: plan.timeoutMs,
    maxParallel: plan.maxParallel,
    start: order.main.map(view),
    finally: order.finally.map(view),
    stop: stopOrder(plan).map((works) => view(works).map((work) => work.label)),
    shared: sharedThings(plan),
  };
}

/** Together are the instances of one process that show the same. */
function groups(works: readonly PlannedWork[]): readonly (readonly PlannedWork[])[] {
  const known = new Map<string, PlannedWork[]>();
  const ofBody = new Map<object, string>();
  for (const work of works) {
    const shown = ofBody.get(work.body) ?? describeBody(work.body);
    ofBody.set(work.body, shown);
    const process = 'process' in work ? work.process : work.name;
    const waits = work.dependsOn.map(({ name, moment }) => [name, moment]);
    const key = JSON.stringify([
      process,
      shown,
      waits,
      work.waitFor.map(({ name }) => name),
      work.holds,
    ]);
    const group = known.get(key);
    if (group === undefined) known.set(key, [work]);
    else group.push(work);
  }
  return [...known.values()];
}

function workView(group: readonly PlannedWork[], counts: ReadonlyMap<string, number>): WorkView {
  const work = present(group[0], 'a group has a member');

  const process = 'process' in work ? work.process : work.name;
  const instances = group.map(({ name }) => name);
  return {
    label: labelOf(process, instances, counts.get(process) ?? 0),
    kind: 'kind' in work ? work.kind : 'pool',
    process,
    instances,
    description: work.description,
    runs: describeBody(work.body),
    workers: 'workers' in work ? work.workers : null,
    dependsOn: work.dependsOn.map(({ name, moment, timeoutMs }) => ({ name, moment, timeoutMs })),
    waitFor: work.waitFor.map(({ name, kind, timeoutMs }) => ({ name, kind, timeoutMs })),
    holds: work.holds,
    sets: work.sets,
    autostart: work.autostart,
  };
}

/** All instances of a process are its name and their number; of some, few enough are named. */
function labelOf(process: string, instances: readonly string[], total: number): string {
  const names = instances.join(', ');
  if (instances.length === 1) return names;
  if (instances.length === total) return `${process} ×${total}`;
  return names.length <= longestNames ? names : `${process} (${instances.length} of ${total})`;
}
