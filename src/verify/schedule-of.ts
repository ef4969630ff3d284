import type { Schedule, ScheduledOperation } from '../schedule/schedule.ts';
import { present } from '../base/invariant.ts';
import type { ActorGraph } from './find-locations.ts';
import type { Act, Choice, Location } from './location.ts';
import type { Fact, Operation } from './model.ts';
import { AheadOfNotified } from './ahead-of-notified.ts';
import { EndsOfTasks } from './ends-of-tasks.ts';
import type { ModelSystem } from './model-system.ts';
import { isOfTasks, nextTaskOf, poolOf, waitsForTask } from './next-task.ts';
import type { Way } from './shortest-way.ts';
import { endedField } from './state-layout.ts';

/** What of a choice the primitives of a run are asked; null of what happens in it by itself. */
type Asked = Pick<ScheduledOperation, 'op' | 'on' | 'outcome'>;

/** A way through the states of a model, as an order in which a run can be asked to do the same. */
export function scheduleOf(system: ModelSystem, { transitions, states, end: last }: Way): Schedule {
  const operations: ScheduledOperation[] = [];
  const slots = new Set(system.graphs.flatMap(({ name, ofPool }) => (ofPool === 'slot' ? [name] : [])));
  /**
   * Those who take the lock of a condition again, which they do without asking, as soon as their wait is over: how it is, where
   * nobody notifies them, comes no sooner than that.
   */
  const retaking = new Map<string, ScheduledOperation | null>();
  const ahead = new AheadOfNotified(system, states, operations);
  const ends = new EndsOfTasks(system);
  for (const [index, transition] of transitions.entries()) {
    if (index > 0) operations.push(...endsBetween(system, states[index - 1], states[index]));
    const { actor, from, choice } = system.transitionAt(transition);
    const { act } = choice;
    ahead.noteMove(index, actor, act);
    const ending = retaking.get(actor);
    if ((act.do === 'acquire' || act.do === 'line_up') && ending !== undefined) {
      if (ending !== null) operations.push(ending);
      retaking.delete(actor);
      continue;
    }
    const graph = present(system.graphs.find(({ name }) => name === actor), 'an actor has a graph');
    addNew(operations, ends.now(system.layout.actorNamed(actor), nextTaskOf(graph, from, choice), states[index]));
    const asked = withoutSlots(shutsDown(system, transition) ?? askedOf(graph, from, choice), slots);
    if (asked !== null && ending !== undefined) retaking.set(actor, { instance: actor, ...asked });
    else if (asked !== null && !ahead.hasLinedUp(index, actor, act, asked.on)) operations.push({ instance: actor, ...asked });
    operations.push(...failureOf(graph, choice));
    if (act.do === 'wait_notified') retaking.set(actor, knownEnding(actor, act));
    for (const [name, over] of retaking) {
      if (takesAgain(system, states[index + 1], name)) continue;
      // His time was over before he had it; whoever was ended by others has no turn for that.
      if (over !== null && name === actor) operations.push(over);
      retaking.delete(name);
    }
    addNew(operations, ends.foundIn(states[index + 1]));
    for (const other of endingsWith(system, states[index], actor, act)) retaking.set(other.instance, other);
  }
  operations.push(...endsBetween(system, states.at(-2), states.at(-1)));
  // Others have taken the lock before, and may keep it.
  for (const ending of retaking.values()) if (ending !== null) operations.push(ending);
  const waiting = system.graphs.flatMap(({ name, locations }, actor) => {
    const [first] = locations[last[system.layout.actorField(actor)] ?? 0]?.choices ?? [];
    const asked = first === undefined ? null : wantedBy(first);
    return asked === null ? [] : [{ instance: name, op: asked.op, on: asked.on }];
  });
  return { operations, waiting, endless: system.graphs.flatMap(({ name, isDaemon, canEnd }) => (isDaemon && !canEnd ? [name] : [])), isWhole: true };
}

/** How a wait at a condition is over that takes no time at all; of any other that shows later. */
function knownEnding(instance: string, { isTried }: Extract<Act, { do: 'wait_notified' }>): ScheduledOperation | null {
  return isTried === true ? { instance, op: 'timeout', on: [], outcome: 'done' } : null;
}

/** That nobody can still notify a condition all others who wait there hear with the one who finds it. */
function endingsWith(system: ModelSystem, state: Int32Array | undefined, actor: string, act: Act): readonly ScheduledOperation[] {
  if (act.do !== 'find_unnotifiable' || state === undefined) return [];
  const names = system.conditions.sleepersAt(act.condition, state).map((other) => system.graphs[other]?.name ?? '');
  return names.filter((name) => name !== actor).map((instance) => ({ instance, op: 'wait', on: [act.condition], outcome: 'ends' }));
}

/** Whether somebody waits at a condition, or for its lock behind that. */
function takesAgain({ graphs, layout }: ModelSystem, state: Int32Array | undefined, name: string): boolean {
  const actor = layout.actorNamed(name);
  const choices = graphs[actor]?.locations[state?.[layout.actorField(actor)] ?? 0]?.choices ?? [];
  return choices.some(({ act }) => act.do === 'woken' || act.do === 'line_up' || (act.do === 'acquire' && act.isRetake === true));
}

/** What is asked by somebody himself: a pool has its own tasks without submitting them, and gets others for its slots. */
function askedOf(graph: ActorGraph, from: number, choice: Choice): Asked | null {
  const location = graph.locations[from];
  const isPools = (graph.ofPool === 'pool' && choice.act.do === 'put' && isOfTasks(choice.act.queue)) || waitsForTask(graph, from);
  return isPools || location === undefined ? null : askedBy(location, choice);
}

/** All of them but ends that are known. */
function addNew(operations: ScheduledOperation[], more: readonly ScheduledOperation[]): void {
  for (const operation of more) if (!isKnownEnd(operation, operations)) operations.push(operation);
}

/** That a queue is at its end each slot of a pool finds out for itself in the model, and the pool once in a run. */
function isKnownEnd({ instance, op, on, outcome }: ScheduledOperation, operations: readonly ScheduledOperation[]): boolean {
  return outcome === 'ends' && operations.some((before) => before.instance === instance && before.op === op && before.outcome === 'ends' && before.on.join() === on.join());
}

/** That a task fails by which its pool may be halted: others are taken before, and none after that. When a command fails is up to it. */
function failureOf({ name, ofPool, locations }: ActorGraph, { act, sets }: Choice): readonly ScheduledOperation[] {
  const isProgram = act.do === 'nothing' && act.program !== undefined;
  if (ofPool !== 'slot' || isProgram || !sets.some(isOwn)) return [];
  const isHalted = locations.some(({ choices }) => choices.some(({ unless }) => unless !== undefined));
  return isHalted ? [{ instance: name, op: 'end', on: [poolOf(name)], outcome: 'done' }] : [];
}

/** Instances that have come to their end with a step, be it another one's. When a pool ends is nobody's turn. */
function endsBetween(system: ModelSystem, before: Int32Array | undefined, after: Int32Array | undefined): readonly ScheduledOperation[] {
  if (before === undefined || after === undefined || after[endedField] === 1) return [];
  return system.graphs.flatMap(({ name, ofPool, locations }, actor): readonly ScheduledOperation[] => {
    const field = system.layout.actorField(actor);
    const isOver = (state: Int32Array): boolean => (locations[state[field] ?? 0]?.outcome ?? null) !== null;
    return ofPool === null && isOver(after) && !isOver(before) ? [{ instance: name, op: 'end', on: [], outcome: 'done' }] : [];
  });
}

/** Somebody asks to end the whole run: he ends with it as if he had been stopped. */
function shutsDown(system: ModelSystem, transition: number): Asked | null {
  const { actor, choice } = system.transitionAt(transition);
  const target = system.graphs.find(({ name }) => name === actor)?.locations[choice.target];
  return choice.act.do === 'nothing' && target?.outcome === 'stopped' ? { op: 'shutdown', on: [], outcome: 'done' } : null;
}

/** Who ends a pool ends its slots with it, and names it alone. */
function withoutSlots(asked: Asked | null, slots: ReadonlySet<string>): Asked | null {
  return asked === null ? null : { ...asked, on: asked.on.filter((name) => !slots.has(name)) };
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
      if (act.program === undefined || act.program === 'becomes_ready') return null;
      // It waits until it is ended, for its time is over.
      return { op: 'program', on: [], outcome: act.program === 'is_late' ? 'waits' : act.program };
    case 'acquire':
    case 'release':
      return { op: act.do, on: act.demands.map(({ name }) => name), outcome: 'done' };
    case 'line_up':
      return { op: 'acquire', on: act.demands.map(({ name }) => name), outcome: 'waits' };
    case 'set':
    case 'clear':
      return isOwn(act.event) ? null : { op: act.do, on: [act.event], outcome: 'done' };
    case 'await':
    case 'find_impossible': {
      const outcome = act.do === 'await' ? 'done' : 'ends';
      return act.step === undefined ? awaited(act.facts, outcome) : { op: act.step.verb, on: act.step.names, outcome };
    }
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
      return submitted(act.queue, 'done') ?? ofQueue(act.do, [act.queue], 'done');
    case 'get':
      return ofQueue(act.do, [act.queue], 'done');
    case 'find_end':
      return ofQueue('get', act.queues, 'ends');
    case 'find_broken_queue':
      return submitted(act.queue, 'ends') ?? ofQueue('put', [act.queue], 'ends');
    case 'break':
      return { op: 'abort', on: [act.barrier], outcome: 'done' };
    case 'reset':
      return { op: 'reset', on: [act.barrier], outcome: 'done' };
    case 'time_out':
      if (act.endsAttempt === true) return { op: 'timeout', on: [], outcome: 'ends' };
      // The waits that the primitives know nothing of have a time of their own, which is awaited.
      return { op: 'timeout', on: [], outcome: location !== null && asks(location) ? 'done' : 'waits' };
    case 'close':
      return act.byProgram === true ? null : { op: 'close', on: [...new Set(act.queues.map(thingOf))], outcome: 'done' };
    case 'start':
    case 'find_alive':
      return { op: 'start', on: act.actors, outcome: act.do === 'start' ? 'done' : 'ends' };
    case 'stop':
      return { op: act.step, on: act.actors, outcome: 'done' };
    case 'item_done':
    case 'reach':
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
  const on = queues.flatMap((queue) => (isOfTasks(queue) || queue.startsWith('.results.') ? [] : [thingOf(queue)]));
  return on.length === 0 ? null : { op, on, outcome };
}

/** Of a task for a pool; null of what goes into any other queue. */
function submitted(queue: string, outcome: 'done' | 'ends'): Asked | null {
  return isOfTasks(queue) ? { op: 'submit', on: [thingOf(queue)], outcome } : null;
}

/** What a queue of the model is of: a pipe, or a pool. */
function thingOf(queue: string): string {
  return queue.replace(/^\.(?:pipe|tasks)\.(?<thing>[^.]+).*$/u, '$<thing>');
}

/** The model has it for itself. */
function isOwn(name: string): boolean {
  return name.startsWith('.');
}
