import type { Place } from '../../base/place.ts';
import { count, flag, positiveCount } from '../../spec/schema/leaves.ts';
import type { PipeSpec, QueueSpec } from '../../spec/schema/primitives.ts';
import type { PrimitiveDefinition } from '../../sync/definition.ts';
import type { StdioPipePlan } from '../plan.ts';
import type { FillPlace } from './fill-place.ts';
import { fillLeaf, fillLoadJson, fillOptionalDuration } from './fill-value.ts';
import { schemaLeaf, wordLeaf } from './leaf.ts';
import { oneInstance } from './resolve-name.ts';
import { resolveReference } from './resolve-reference.ts';

/** A primitive and where it is defined. */
export type PlacedPrimitive = PrimitiveDefinition & { readonly place: Place };

const countLeaf = schemaLeaf(count);
const positiveLeaf = schemaLeaf(positiveCount);
const flagLeaf = schemaLeaf(flag);
const orderLeaf = wordLeaf('fifo', 'lifo', 'priority');
const deathLeaf = wordLeaf('drop', 'redeliver');
const viaLeaf = wordLeaf('messages', 'stdio');

/** All primitives, and apart from them the pipes that the kernel carries. */
export function buildPrimitives(at: FillPlace): {
  readonly primitives: readonly PlacedPrimitive[];
  readonly stdioPipes: readonly StdioPipePlan[];
} {
  const { spec } = at.context.loaded;
  const each = <T>(
    section: keyof typeof spec,
    things: Readonly<Record<string, T>>,
    build: (place: FillPlace, name: string, thing: T) => PrimitiveDefinition | null,
  ): readonly PlacedPrimitive[] =>
    Object.entries(things).flatMap(([name, thing]) => {
      const place = at.below(section).below(name);
      const primitive = build(place, name, thing);
      return primitive === null ? [] : [{ ...primitive, place: place.place }];
    });
  const pipes = Object.entries(spec.pipes).flatMap(
    ([name, pipe]) => buildPipe(at.below('pipes').below(name), name, pipe) ?? [],
  );
  const primitives = [
    ...each('locks', spec.locks, (place, name, lock) => ({
      kind: 'lock',
      name,
      reentrant:
        lock !== null && fillLeaf(place.below('reentrant'), lock.reentrant, flagLeaf, false),
    })),
    ...each('semaphores', spec.semaphores, (place, name, semaphore) => {
      if (typeof semaphore !== 'object') {
        return {
          kind: 'semaphore',
          name,
          permits: fillLeaf(place, semaphore, countLeaf, 1),
          bounded: true,
          fair: false,
        };
      }
      return {
        kind: 'semaphore',
        name,
        permits: fillLeaf(place.below('permits'), semaphore.permits, countLeaf, 1),
        bounded: fillLeaf(place.below('bounded'), semaphore.bounded, flagLeaf, true),
        fair: fillLeaf(place.below('fair'), semaphore.fair, flagLeaf, false),
      };
    }),
    ...each('events', spec.events, (place, name, event) => ({
      kind: 'event',
      name,
      set: event !== null && fillLeaf(place.below('set'), event.set, flagLeaf, false),
    })),
    ...each('conditions', spec.conditions, (place, name, condition) => {
      const lockPlace = place.below('lock');
      const lock = resolveReference(lockPlace, condition.lock, { takes: 'lock', where: '`lock`' });
      return lock === null ? null : { kind: 'condition', name, lock: lock.name };
    }),
    ...each('barriers', spec.barriers, (place, name, barrier) => ({
      kind: 'barrier',
      name,
      parties: fillLeaf(place.below('parties'), barrier.parties, positiveLeaf, 1),
      timeoutMs: fillOptionalDuration(place.below('timeout'), barrier.timeout),
    })),
    ...each('queues', spec.queues, buildQueue),
    ...pipes.flatMap(({ primitive }) => primitive ?? []),
    ...each('values', spec.values, (place, name, value) => ({
      kind: 'value',
      name,
      initial: fillLoadJson(place, value),
    })),
  ];
  return { primitives, stdioPipes: pipes.flatMap(({ stdio }) => stdio ?? []) };
}

function buildQueue(at: FillPlace, name: string, queue: QueueSpec | null): PrimitiveDefinition {
  if (queue === null) {
    return {
      kind: 'queue',
      name,
      capacity: null,
      order: 'fifo',
      items: [],
      onConsumerDeath: 'drop',
    };
  }
  const capacity = fillLeaf(at.below('capacity'), queue.capacity, countLeaf, 0);
  return {
    kind: 'queue',
    name,
    capacity: capacity === 0 ? null : capacity,
    order: fillLeaf(at.below('order'), queue.order, orderLeaf, 'fifo'),
    items: queue.items.map((item, index) => fillLoadJson(at.below('items').below(index), item)),
    onConsumerDeath: fillLeaf(
      at.below('on_consumer_death'),
      queue.on_consumer_death,
      deathLeaf,
      'drop',
    ),
  };
}

function buildPipe(
  at: FillPlace,
  name: string,
  pipe: PipeSpec,
): { readonly primitive: PlacedPrimitive | null; readonly stdio: StdioPipePlan | null } | null {
  const duplex = 'between' in pipe;
  const first = duplex
    ? endOf(at.below('between').below(0), pipe.between[0])
    : endOf(at.below('from'), pipe.from);
  const second = duplex
    ? endOf(at.below('between').below(1), pipe.between[1])
    : endOf(at.below('to'), pipe.to);
  const capacity = fillLeaf(at.below('capacity'), pipe.capacity, countLeaf, 0);
  const via = fillLeaf(at.below('via'), pipe.via, viaLeaf, 'messages');
  const pipefail = fillLeaf(at.below('pipefail'), pipe.pipefail, flagLeaf, false);
  if (first === null || second === null) return null;
  if (via === 'stdio') {
    return {
      primitive: null,
      stdio: { name, place: at.place, from: first, to: second, duplex, pipefail },
    };
  }
  const ends = [first, second] as const;
  return {
    primitive: {
      kind: 'pipe',
      name,
      capacity: capacity === 0 ? null : capacity,
      ends,
      duplex,
      place: at.place,
    },
    stdio: null,
  };
}

/** The one instance at an end, or null after a finding. */
function endOf(at: FillPlace, written: string): string | null {
  const thing = resolveReference(at, written, { takes: 'processes', where: 'the end of a pipe' });
  return thing === null ? null : oneInstance(at.context, at.place, thing, 'the end of a pipe');
}
