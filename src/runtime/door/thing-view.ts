import type { Json } from '../../base/json.ts';
import { shownName } from '../../engine/engine-options.ts';
import type { ThingActors } from '../../engine/thing-actors.ts';
import type { PrimitiveDefinition } from '../../sync/definition.ts';
import type { PrimitiveLook, PrimitiveView, WaitingSnapshot } from '../../sync/snapshot.ts';
import { stateOf } from './look.ts';

/** One entry of what `run.things` is answered with: what it is like, who waits there, and who could wake them. */
export function thingView({ primitive, waiting }: PrimitiveView, definition: PrimitiveDefinition, could: ThingActors): Json {
  return {
    name: shownName(primitive.name),
    kind: primitive.kind,
    ...detailsOf(primitive, definition),
    waiters: waiting.map((waiter) => ({ process: waiter.owner.instance, holder: waiter.owner.holder, for: wordOf(primitive, waiter) })),
    could,
  };
}

/** As `look` has it, and what only whoever looks at all of it wants to know. */
function detailsOf(primitive: PrimitiveLook, definition: PrimitiveDefinition): Readonly<Record<string, Json>> {
  if (primitive.kind === 'pipe') {
    const ends = definition.kind === 'pipe' ? definition.ends : [];
    return { ends: ends.map((process, end) => ({ process, inbound: primitive.inbound[end]?.length ?? 0, closed: primitive.closed[end] ?? false })) };
  }
  const state = stateOf(primitive, definition, '');
  if (primitive.kind === 'semaphore') return { ...state, permits: definition.kind === 'semaphore' ? definition.permits : 0 };
  if (primitive.kind !== 'queue') return state;
  const hands: Record<string, number> = {};
  for (const { instance } of primitive.inHand) hands[instance] = (hands[instance] ?? 0) + 1;
  return { ...state, broken: primitive.broken, in_hand_of: hands };
}

/** What the waiter wants, in the words of the methods; at a lock everybody wants the lock. */
function wordOf({ kind }: PrimitiveLook, { verb }: WaitingSnapshot): string {
  if (kind === 'lock' || kind === 'semaphore') return 'acquire';
  return verb === 'receive' ? 'recv' : verb.replace(/_.*$/u, '');
}
