import type { Json } from '../../base/json.ts';
import type { ThingKind } from '../../protocol/call.ts';
import type { PrimitiveDefinition } from '../../sync/definition.ts';
import type { PrimitiveLook, PrimitiveView } from '../../sync/snapshot.ts';

/** What `THING.look` is answered with; null where the primitive is of another kind. */
export function lookResult(
  kind: ThingKind,
  view: PrimitiveView,
  definition: PrimitiveDefinition,
  instance: string,
): Json {
  const { primitive } = view;
  if (primitive.kind !== kind) return null;
  return { ...stateOf(primitive, definition, instance), waiting: view.waiting.length };
}

/** The state of a primitive, as the end of a pipe at `instance` sees it. */
export function stateOf(primitive: PrimitiveLook, definition: PrimitiveDefinition, instance: string): Readonly<Record<string, Json>> {
  switch (primitive.kind) {
    case 'lock':
    case 'semaphore':
      return {
        free: primitive.free,
        holders: primitive.holdings.map(({ owner, permits, token }) => ({ process: owner.instance, holder: owner.holder, permits, token })),
      };
    case 'event':
      return { is_set: primitive.isSet };
    case 'condition':
      return { lock: definition.kind === 'condition' ? definition.lock : null };
    case 'barrier':
      return {
        parties: definition.kind === 'barrier' ? definition.parties : 0,
        arrived: primitive.arrived.map((owner) => owner.instance),
        broken: primitive.broken,
      };
    case 'queue':
      return {
        size: primitive.items.length + primitive.ahead.reduce((sum, { items }) => sum + items.length, 0),
        in_hand: primitive.inHand.length,
        unfinished: primitive.unfinished,
        capacity: definition.kind === 'queue' ? definition.capacity : null,
        ended: primitive.ended,
      };
    case 'pipe': {
      const isSecond = definition.kind === 'pipe' && definition.ends[1] === instance;
      const [first, second] = [0, 1] as const;
      const [own, other] = isSecond ? [second, first] : [first, second];
      const capacity = definition.kind === 'pipe' ? definition.capacity : null;
      return { inbound: primitive.inbound[own].length, capacity, ended: primitive.closed[other] };
    }
    case 'value':
      return { value: primitive.value };
  }
}
