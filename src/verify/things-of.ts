import type { Act } from './location.ts';
import type { Fact } from './model.ts';

/** The names of what is acted on: primitives, pools or other actors. */
export function thingsOf(act: Act): readonly string[] {
  switch (act.do) {
    case 'nothing':
    case 'reach':
    case 'time_out':
      return [];
    case 'acquire':
    case 'line_up':
    case 'served':
    case 'release':
      return act.demands.map(({ name }) => name);
    case 'set':
    case 'clear':
    case 'await_pulse':
    case 'begin_to_wait':
      return [act.event];
    case 'await':
    case 'find_impossible':
      return act.facts.flatMap(thingsOfFact);
    case 'arrive':
    case 'find_broken_barrier':
    case 'break':
    case 'reset':
      return [act.barrier];
    case 'wait_notified':
    case 'notify':
    case 'find_unnotifiable':
      return [act.condition];
    case 'put':
    case 'get':
    case 'item_done':
    case 'find_broken_queue':
      return [act.queue];
    case 'close':
    case 'find_end':
      return act.queues;
    case 'start':
    case 'find_alive':
    case 'stop':
      return act.actors;
    case 'woken':
      return [act.by];
  }
}

function thingsOfFact(fact: Fact): readonly string[] {
  switch (fact.type) {
    case 'event':
      return [fact.event];
    case 'moment':
      return fact.actors;
    case 'all_done':
      return [fact.queue];
  }
}
