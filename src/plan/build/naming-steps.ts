import { InvariantError } from '../../base/invariant.ts';
import { Template } from '../../base/template.ts';
import type { JsonTemplate } from '../../base/template.ts';
import { anyNumber, integer, positiveCount, variable } from '../../spec/schema/leaves.ts';
import type { StepSpec } from '../../spec/schema/step.ts';
import type { Step, StepBase } from '../step.ts';
import type { FillPlace } from './fill-place.ts';
import { fillJson, fillLeaf, fillLeafForRun } from './fill-value.ts';
import { buildHolds } from './holds.ts';
import { eitherLeaf, schemaLeaf, wordLeaf } from './leaf.ts';
import type { NamedThing } from './name-table.ts';
import { resolveUnder } from './resolve-under.ts';

/** Steps that act on something named, and hold no steps of their own. */
type NamingStepSpec = Exclude<
  StepSpec,
  | { run: unknown }
  | { print: unknown }
  | { sleep: unknown }
  | { with: unknown }
  | { each: unknown }
  | { repeat: unknown }
  | { exit: unknown }
  | { shutdown: unknown }
>;

const notifyLeaf = eitherLeaf(schemaLeaf(positiveCount), wordLeaf('all'));
const priorityLeaf = schemaLeaf(integer);
const numberLeaf = schemaLeaf(anyNumber);
const variableLeaf = schemaLeaf(variable);

type NamingVerb = Extract<Step['verb'], KeyOfEach<NamingStepSpec>>;
type KeyOfEach<T> = T extends unknown ? keyof T : never;
type SpecOf<V extends NamingVerb> = V extends unknown
  ? Extract<NamingStepSpec, Record<V, unknown>>
  : never;
type Builders = {
  readonly [V in NamingVerb]: (at: FillPlace, base: StepBase, spec: SpecOf<V>) => Step | null;
};

/** How each verb is planned; null after a finding about the name. */
const builders: Builders = {
  acquire: (at, base, spec) => {
    const demands = buildHolds(at.below('acquire'), spec.acquire, '`acquire`');
    return { ...base, verb: 'acquire', demands };
  },
  release: (at, base, spec) => {
    const demands = buildHolds(at.below('release'), spec.release, '`release`');
    return { ...base, verb: 'release', demands };
  },
  set: (at, base, spec) => {
    const event = resolveUnder(at, 'set', spec.set, 'event')?.name;
    return event === undefined ? null : { ...base, verb: 'set', event };
  },
  clear: (at, base, spec) => {
    const event = resolveUnder(at, 'clear', spec.clear, 'event')?.name;
    return event === undefined ? null : { ...base, verb: 'clear', event };
  },
  wait: (at, base, spec) => {
    const thing = resolveUnder(at, 'wait', spec.wait, 'waits');
    if (thing === null) return null;
    const kind = thing.kind === 'event' || thing.kind === 'barrier' ? thing.kind : 'condition';
    return { ...base, verb: 'wait', name: thing.name, kind };
  },
  notify: (at, base, spec) => {
    const condition = resolveUnder(at, 'notify', spec.notify, 'condition')?.name;
    const count = fillLeaf(at.below('count'), spec.count, notifyLeaf, 1);
    return condition === undefined ? null : { ...base, verb: 'notify', condition, count };
  },
  abort: (at, base, spec) => {
    const barrier = resolveUnder(at, 'abort', spec.abort, 'barrier')?.name;
    return barrier === undefined ? null : { ...base, verb: 'abort', barrier };
  },
  reset: (at, base, spec) => {
    const barrier = resolveUnder(at, 'reset', spec.reset, 'barrier')?.name;
    return barrier === undefined ? null : { ...base, verb: 'reset', barrier };
  },
  add: (at, base, spec) => {
    const value = resolveUnder(at, 'add', spec.add, 'value')?.name;
    const by = fillLeafForRun(at.below('by'), spec.by, numberLeaf, 1);
    return value === undefined ? null : { ...base, verb: 'add', value, by };
  },
  store: (at, base, spec) => {
    const value = resolveUnder(at, 'store', spec.store, 'value')?.name;
    const item = fillJson(at.below('item'), spec.item);
    return value === undefined ? null : { ...base, verb: 'store', value, item };
  },
  load: (at, base, spec) => {
    const value = resolveUnder(at, 'load', spec.load, 'value')?.name;
    return value === undefined ? null : { ...base, verb: 'load', value };
  },
  put: (at, base, spec) => {
    const queue = resolveUnder(at, 'put', spec.put, 'queue')?.name;
    const priority = fillLeaf(at.below('priority'), spec.priority, priorityLeaf, 0);
    const given = buildItems(at, spec);
    return queue === undefined ? null : { ...base, verb: 'put', queue, priority, ...given.list };
  },
  get: (at, base, spec) => {
    const queue = resolveUnder(at, 'get', spec.get, 'queue')?.name;
    return queue === undefined ? null : { ...base, verb: 'get', queue };
  },
  recv: (at, base, spec) => {
    const pipe = resolveUnder(at, 'recv', spec.recv, 'pipe')?.name;
    return pipe === undefined ? null : { ...base, verb: 'recv', pipe };
  },
  task_done: (at, base, spec) => {
    const queue = resolveUnder(at, 'task_done', spec.task_done, 'queue')?.name;
    return queue === undefined ? null : { ...base, verb: 'task_done', queue };
  },
  send: (at, base, spec) => {
    const pipe = resolveUnder(at, 'send', spec.send, 'pipe')?.name;
    const item = fillJson(at.below('item'), spec.item);
    return pipe === undefined ? null : { ...base, verb: 'send', pipe, item };
  },
  close: (at, base, spec) => {
    const thing = resolveUnder(at, 'close', spec.close, 'closable');
    if (thing === null) return null;
    const kind = thing.kind === 'queue' || thing.kind === 'pipe' ? thing.kind : 'pool';
    return { ...base, verb: 'close', name: thing.name, kind };
  },
  submit: (at, base, spec) => {
    const pool = resolveUnder(at, 'submit', spec.submit, 'pool')?.name;
    const { many, list } = buildItems(at, spec);
    return pool === undefined ? null : { ...base, verb: 'submit', pool, many, ...list };
  },
  result: (at, base, spec) => {
    const handle = fillLeaf(at.below('result'), spec.result, variableLeaf, '');
    return handle === '' ? null : { ...base, verb: 'result', handle };
  },
  join: (at, base, spec) => {
    const thing = resolveUnder(at, 'join', spec.join, 'joinable');
    return thing === null ? null : { ...base, verb: 'join', target: joinTarget(thing) };
  },
  start: (at, base, spec) => {
    const thing = resolveUnder(at, 'start', spec.start, 'works');
    return thing === null ? null : { ...base, verb: 'start', ...workTarget(thing) };
  },
  terminate: (at, base, spec) => {
    const thing = resolveUnder(at, 'terminate', spec.terminate, 'works');
    return thing === null ? null : { ...base, verb: 'terminate', ...workTarget(thing) };
  },
  kill: (at, base, spec) => {
    const thing = resolveUnder(at, 'kill', spec.kill, 'works');
    return thing === null ? null : { ...base, verb: 'kill', ...workTarget(thing) };
  },
};

/** Plans one such step, or gives null after a finding about the name. */
export function buildNamingStep(at: FillPlace, base: StepBase, spec: NamingStepSpec): Step | null {
  for (const key of Object.keys(spec)) {
    if (isVerb(key)) return buildVerb(at, base, key, spec);
  }
  throw new InvariantError(`a step without a verb: ${Object.keys(spec).join(', ')}`);
}

function isVerb(key: string): key is NamingVerb {
  return Object.hasOwn(builders, key);
}

function buildVerb<V extends NamingVerb>(
  at: FillPlace,
  base: StepBase,
  verb: V,
  spec: SpecOf<V>,
): Step | null {
  return builders[verb](at, base, spec);
}

function joinTarget(thing: NamedThing): Extract<Step, { verb: 'join' }>['target'] {
  if (thing.kind === 'queue' || thing.kind === 'pool')
    return { kind: thing.kind, name: thing.name };
  return { kind: 'instances', name: thing.name, instances: thing.instances };
}

function workTarget(thing: NamedThing): {
  readonly name: string;
  readonly instances: readonly string[];
  readonly pool: boolean;
} {
  return { name: thing.name, instances: thing.instances, pool: thing.kind === 'pool' };
}

/** `item` is a list of one; `items` may be one expression that gives the list while the run goes on. */
function buildItems(
  at: FillPlace,
  spec: Extract<StepSpec, { put: unknown } | { submit: unknown }>,
): {
  readonly many: boolean;
  readonly list: { readonly items: readonly JsonTemplate[]; readonly itemList?: Template };
} {
  const { items } = spec;
  if (items === undefined) {
    const item = fillJson(at.below('item'), spec.item ?? null);
    return { many: false, list: { items: [item] } };
  }
  const filled = fillJson(at.below('items'), items);
  if (filled instanceof Template) return { many: true, list: { items: [], itemList: filled } };
  if (isList(filled)) return { many: true, list: { items: filled } };
  at.context.report(
    'MP125',
    { place: [...at.place, 'items'], part: 'value' },
    `\`items\` gives ${JSON.stringify(filled)}, expected a list`,
    { hint: 'write the list itself, or let it give one' },
  );
  return { many: true, list: { items: [] } };
}

function isList(value: JsonTemplate): value is readonly JsonTemplate[] {
  return Array.isArray(value);
}
