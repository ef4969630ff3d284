import type { Schedule, ScheduledOperation } from '../schedule/schedule.ts';
import type { Choice, Location } from './location.ts';
import type { Fact, Operation } from './model.ts';
import type { ModelSystem } from './model-system.ts';

/** What of a choice the primitives of a run are asked; null of what happens in it by itself. */
type Asked = Pick<ScheduledOperation, 'op' | 'on' | 'outcome'>;

/** A way through the states of a model, as an order in which a run can be asked to do the same. */
export function scheduleOf(system: ModelSystem, transitions: readonly number[], last: Int32Array): Schedule {
  const operations: ScheduledOperation[] = [];
  /**
   * Those who take the lock of a condition again, which they do without asking, as soon as their wait is over: how it is, where
   * nobody notifies them, comes no sooner than that.
   */
  const retaking = new Map<string, ScheduledOperation | null>();
  for (const transition of transitions) {
    const { actor, from, choice } = system.transitionAt(transition);
    const { act } = choice;
    const ending = retaking.get(actor);
    if ((act.do === 'acquire' || act.do === 'line_up') && ending !== undefined) {
      if (ending !== null) operations.push(ending);
      retaking.delete(actor);
      continue;
    }
    const location = system.graphs.find(({ name }) => name === actor)?.locations[from];
    const asked = location === undefined ? null : askedBy(location, choice);
    if (asked !== null && ending !== undefined) retaking.set(actor, { instance: actor, ...asked });
    else if (asked !== null) operations.push({ instance: actor, ...asked });
    if (act.do === 'wait_notified') retaking.set(actor, null);
  }
  const waiting = system.graphs.flatMap(({ name, locations }, actor) => {
    const [first] = locations[last[system.layout.actorField(actor)] ?? 0]?.choices ?? [];
    const asked = first === undefined ? null : wantedBy(first);
    return asked === null ? [] : [{ instance: name, op: asked.op, on: asked.on }];
  });
  return { operations, waiting, endless: system.graphs.flatMap(({ name, isDaemon, canEnd }) => (isDaemon && !canEnd ? [name] : [])) };
}

function wantedBy(choice: Choice): Asked | null {
  const { act } = choice;
  if (act.do === 'served') return { op: 'acquire', on: act.demands.map(({ name }) => name), outcome: 'done' };
  return act.do === 'woken' ? { op: 'wait', on: [act.by], outcome: 'done' } : askedBy(null, choice);
}

function askedBy(location: Location | null, { act }: Choice): Asked | null {
  switch (act.do) {
    case 'nothing':
      if (act.refused !== undefined) return refusedOf(act.refused);
      return act.program === undefined || act.program === 'becomes_ready' ? null : { op: 'program', on: [], outcome: act.program };
    case 'acquire':
    case 'release':
      return { op: act.do, on: act.demands.map(({ name }) => name), outcome: 'done' };
    case 'line_up':
      return { op: 'acquire', on: act.demands.map(({ name }) => name), outcome: 'waits' };
    case 'set':
    case 'clear':
      return isOwn(act.event) ? null : { op: act.do, on: [act.event], outcome: 'done' };
    case 'await':
      return awaited(act.facts, 'done');
    case 'find_impossible':
      return awaited(act.facts, 'ends');
    case 'await_pulse':
      return { op: 'wait', on: [act.event], outcome: 'done' };
    case 'begin_to_wait':
      return { op: 'wait', on: [act.event], outcome: 'waits' };
    case 'arrive':
      return { op: 'wait', on: [act.barrier], outcome: 'waits' };
    case 'find_broken_barrier':
      return { op: 'wait', on: [act.barrier], outcome: 'ends' };
    case 'wait_notified':
      return { op: 'wait', on: [act.condition], outcome: 'waits' };
    case 'find_unnotifiable':
      return { op: 'wait', on: [act.condition], outcome: 'ends' };
    case 'notify':
      return { op: 'notify', on: [act.condition], outcome: 'done' };
    case 'put':
    case 'get':
      return ofQueue(act.do, [act.queue], 'done');
    case 'find_end':
      return ofQueue('get', act.queues, 'ends');
    case 'find_broken_queue':
      return ofQueue('put', [act.queue], 'ends');
    case 'break':
      return { op: 'abort', on: [act.barrier], outcome: 'done' };
    case 'reset':
      return { op: 'reset', on: [act.barrier], outcome: 'done' };
    case 'time_out':
      // The waits that the primitives know nothing of have a time of their own, which is awaited.
      return { op: 'timeout', on: [], outcome: location !== null && asks(location) ? 'done' : 'waits' };
    case 'item_done':
    case 'close':
    case 'reach':
    case 'start':
    case 'find_alive':
    case 'stop':
    case 'woken':
    case 'served':
      return null;
  }
}

/** Of what the primitives refuse; to put where one has closed is refused before. */
function refusedOf(operation: Operation): Asked | null {
  switch (operation.do) {
    case 'acquire':
    case 'release':
      return { op: operation.do, on: operation.demands.map(({ name }) => name), outcome: 'ends' };
    case 'wait_notified':
      return { op: 'wait', on: [operation.condition], outcome: 'ends' };
    default:
      return null;
  }
}

/** Whether who waits there has asked the primitives for something, be it in vain. */
function asks({ beyond, choices }: Location): boolean {
  return beyond.length > 0 || choices.some((choice) => choice.act.do !== 'time_out' && wantedBy(choice) !== null);
}

function awaited(facts: readonly Fact[], outcome: 'done' | 'ends'): Asked | null {
  const events = facts.flatMap((fact) => (fact.type === 'event' && !isOwn(fact.event) ? [fact.event] : []));
  if (events.length > 0) return { op: 'wait', on: events, outcome };
  const queues = facts.flatMap((fact) => (fact.type === 'all_done' && !isOwn(fact.queue) ? [fact.queue] : []));
  return queues.length > 0 ? { op: 'join', on: queues, outcome } : null;
}

function ofQueue(op: 'put' | 'get', queues: readonly string[], outcome: 'done' | 'ends'): Asked | null {
  const on = queues.flatMap((queue) => (queue.startsWith('.tasks.') || queue.startsWith('.results.') ? [] : [queue.replace(/^\.pipe\.(?<pipe>[^.]+)\..*$/u, '$<pipe>')]));
  return on.length === 0 ? null : { op, on, outcome };
}

/** The model has it for itself. */
function isOwn(name: string): boolean {
  return name.startsWith('.');
}
