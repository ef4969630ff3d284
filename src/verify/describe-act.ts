import type { Demand } from '../sync/operation.ts';
import { isOfPipe } from './compile/compile-context.ts';
import type { Act } from './location.ts';
import type { Fact, FailureCause } from './model.ts';
import { isOfTasks } from './next-task.ts';

/** What is done, as a verb phrase. */
export function describeAct(act: Act): string {
  switch (act.do) {
    case 'nothing':
      return describeNothing(act);
    case 'acquire':
    case 'release':
      return `${act.do}s ${describeDemands(act.demands)}`;
    case 'line_up':
      return `waits in line for ${describeDemands(act.demands)}`;
    case 'served':
      return `acquires ${describeDemands(act.demands)}`;
    case 'set':
    case 'clear':
      return `${act.do}s ${act.event}`;
    case 'await':
      return `has waited for ${act.facts.map(describeFact).join(', ')}`;
    case 'await_pulse':
      return `has waited for ${act.event}`;
    case 'begin_to_wait':
      return `begins to wait for ${act.event}`;
    case 'find_impossible':
      return `finds that ${act.facts.map(describeFact).join(', ')} can no longer come`;
    case 'arrive':
      return `arrives at ${act.barrier}`;
    case 'find_broken_barrier':
      return `finds ${act.barrier} broken`;
    case 'wait_notified':
      return `waits at ${act.condition}`;
    case 'notify':
      return `notifies ${act.condition}`;
    case 'find_unnotifiable':
      return `finds that nobody can still notify ${act.condition}`;
    case 'put':
      return `${wordsOf(act.queue).puts} ${act.queue}${act.count === undefined ? '' : `, ${act.count} times`}`;
    case 'get':
      return `${wordsOf(act.queue).gets} ${act.queue}`;
    case 'item_done':
      return `is done with ${wordsOf(act.queue).item} of ${act.queue}`;
    case 'find_end':
      return `finds ${act.queues.join(', ')} at ${act.queues.length === 1 ? 'its' : 'their'} end`;
    case 'find_broken_queue':
      return `finds nobody who takes from ${act.queue}`;
    case 'close':
      return `closes ${act.queues.join(', ')}`;
    case 'break':
      return `breaks ${act.barrier}`;
    case 'reset':
      return `resets ${act.barrier}`;
    case 'time_out':
      return act.cuts === true ? 'is ended by its time, or by a probe' : 'has waited long enough';
    case 'reach':
      return act.moment === 'start' ? 'starts' : 'is ready';
    case 'start':
      return `starts ${act.actors.join(', ')}`;
    case 'find_alive':
      return `finds ${act.actors.join(', ')} alive`;
    case 'stop':
      return `stops ${act.actors.join(', ')}`;
    case 'woken':
      return `goes on from ${act.by}`;
  }
}

/** What a person calls it: in the model tasks of a pool and what goes through a pipe are queues as well. */
function wordsOf(queue: string): { readonly puts: string; readonly gets: string; readonly item: string } {
  if (isOfTasks(queue)) return { puts: 'submits to', gets: 'takes a task of', item: 'a task' };
  if (isOfPipe(queue)) return { puts: 'sends to', gets: 'receives from', item: 'a message' };
  return { puts: 'puts into', gets: 'gets from', item: 'an item' };
}

/** What is up to him who does it, or comes of it at once. */
function describeNothing({ program, fails, refused }: Extract<Act, { do: 'nothing' }>): string {
  if (fails !== undefined) return describeFailure(fails);
  if (refused !== undefined) return 'is refused this, and fails';
  if (program === 'fails') return 'runs a command that fails';
  return program === 'is_late' ? 'has taken too long' : 'goes on';
}

function describeFailure(cause: FailureCause): string {
  switch (cause) {
    case 'value':
      return 'fails here for a value that it needs';
    case 'task':
      return 'fails here, since a task has not succeeded';
    case 'file':
      return 'cannot write what it prints, and fails';
    case 'code':
      return 'ends by a code that is no success';
    case 'start':
      return 'cannot be started, and fails';
    case 'attempt':
      return 'has failed, and is restarted';
    case 'last_attempt':
      return 'has failed, and is restarted no more';
  }
}

function describeDemands(demands: readonly Demand[]): string {
  return demands.map(({ name, permits }) => (permits === 1 ? name : `${name} (${String(permits)})`)).join(', ');
}

function describeFact(fact: Fact): string {
  switch (fact.type) {
    case 'event':
      return fact.event;
    case 'moment':
      return `${fact.moment} of ${fact.actors.join(', ')}`;
    case 'all_done':
      return `all items of ${fact.queue}`;
  }
}
