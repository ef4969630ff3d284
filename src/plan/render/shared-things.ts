import { unreachable } from '../../base/invariant.ts';
import type { Actor, Plan } from '../plan.ts';
import type { Step } from '../step.ts';
import { walkSteps } from '../walk-steps.ts';

/** A primitive, and who does what with it. */
export interface SharedThing {
  readonly name: string;
  readonly kind:
    'lock' | 'semaphore' | 'event' | 'condition' | 'barrier' | 'queue' | 'pipe' | 'value';
  /** What is worth knowing of its definition: `2 permits`, `capacity 100`; empty where nothing is. */
  readonly details: string;
  /** By process or pool, in the order of the spec. */
  readonly users: readonly { readonly who: string; readonly does: readonly string[] }[];
}

/** All primitives in the order of the spec, with their users. */
export function sharedThings(plan: Plan): readonly SharedThing[] {
  const users = usersByName(plan);
  const named = (name: string): SharedThing['users'] =>
    [...(users.get(name) ?? [])].map(([who, does]) => ({ who, does: [...does] }));
  const primitives = plan.primitives.map((primitive): SharedThing => ({
    name: primitive.name,
    kind: primitive.kind,
    details: detailsOf(primitive),
    users: named(primitive.name),
  }));
  const stdioPipes = plan.stdioPipes.map((pipe): SharedThing => ({
    name: pipe.name,
    kind: 'pipe',
    details: 'stdio',
    users: [
      { who: pipe.from, does: pipe.duplex ? ['writes', 'reads'] : ['writes'] },
      { who: pipe.to, does: pipe.duplex ? ['writes', 'reads'] : ['reads'] },
    ],
  }));
  return [...primitives, ...stdioPipes];
}

function detailsOf(primitive: Plan['primitives'][number]): string {
  switch (primitive.kind) {
    case 'lock':
      return primitive.reentrant ? 'reentrant' : '';
    case 'semaphore':
      return `${primitive.permits} ${primitive.permits === 1 ? 'permit' : 'permits'}`;
    case 'event':
      return primitive.set ? 'set initially' : '';
    case 'condition':
      return `with lock ${primitive.lock}`;
    case 'barrier':
      return `${primitive.parties} ${primitive.parties === 1 ? 'party' : 'parties'}`;
    case 'queue': {
      const order = primitive.order === 'fifo' ? '' : `${primitive.order}, `;
      return `${order}${primitive.capacity === null ? 'unbounded' : `capacity ${primitive.capacity}`}`;
    }
    case 'pipe':
      return '';
    case 'value':
      return `initially ${JSON.stringify(primitive.initial)}`;
    default:
      return unreachable(primitive);
  }
}

type Users = Map<string, Map<string, Set<string>>>;

const actionWords: Readonly<Record<Actor['action'], string>> = {
  put: 'puts',
  get: 'gets',
  set: 'sets',
  wait: 'waits',
  notify: 'notifies',
  submit: 'submits',
  start: 'starts',
};

function usersByName(plan: Plan): Users {
  const users: Users = new Map();
  const add = (name: string, who: string, does: string): void => {
    const ofName = users.get(name) ?? new Map<string, Set<string>>();
    users.set(name, ofName.set(who, (ofName.get(who) ?? new Set()).add(does)));
  };
  const processOf = new Map(plan.instances.map((instance) => [instance.name, instance.process]));
  for (const primitive of plan.primitives) {
    if (primitive.kind !== 'pipe') continue;
    const [first, second] = primitive.ends;
    for (const [who, does] of [
      [first, 'sends'],
      [second, 'receives'],
    ] as const) {
      if (primitive.duplex) add(primitive.name, who, does === 'sends' ? 'receives' : 'sends');
      add(primitive.name, who, does);
    }
  }
  const seen = new Set<object>();
  for (const work of [...plan.instances, ...plan.pools]) {
    if (seen.has(work.body)) continue;
    seen.add(work.body);
    const who = 'process' in work ? work.process : work.name;
    for (const { name } of work.holds) add(name, who, 'holds');
    for (const name of work.declaredHolds) add(name, who, 'acquires');
    for (const { name } of work.waitFor) add(name, who, 'waits');
    const steps = work.body.type === 'steps' ? work.body.steps : [];
    for (const step of walkSteps(steps))
      for (const [name, does] of stepUses(step)) add(name, who, does);
  }
  for (const actor of plan.actors)
    add(actor.name, processOf.get(actor.who) ?? actor.who, actionWords[actor.action]);
  return users;
}

/** What `actors` does not tell: holds, values, and waiting for an event or a condition. */
function stepUses(step: Step): readonly (readonly [name: string, does: string])[] {
  switch (step.verb) {
    case 'acquire':
    case 'with':
      return step.demands.map(({ name }) => [name, 'acquires']);
    case 'release':
      return step.demands.map(({ name }) => [name, 'releases']);
    case 'wait':
      return [[step.name, 'waits']];
    case 'add':
    case 'store':
    case 'load':
      return [[step.value, `${step.verb}s`]];
    case 'join':
      return step.target.kind === 'queue' ? [[step.target.name, 'joins']] : [];
    default:
      return [];
  }
}
