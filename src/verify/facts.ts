import type { Moment } from '../plan/plan.ts';
import { present } from '../base/invariant.ts';
import type { ActorGraph } from './find-locations.ts';
import type { Location } from './location.ts';
import type { MayStill } from './may-still.ts';
import type { Fact } from './model.ts';
import type { StateLayout } from './state-layout.ts';

/** Something that is true or not of a state. */
export type Test = (state: Int32Array) => boolean;

/** Whether a fact is true, and whether it can no longer become so. */
export interface CompiledFact {
  readonly isTrue: Test;
  readonly isImpossible: Test;
}

/** Compiles a fact to questions about the fields of a state. */
export function compileFact(fact: Fact, graphs: readonly ActorGraph[], layout: StateLayout, may: MayStill): CompiledFact {
  switch (fact.type) {
    case 'event': {
      const field = layout.eventField(fact.event);
      return {
        isTrue: (state) => state[field] === 1,
        isImpossible: (state) => state[field] !== 1 && !may.any(`set:${fact.event}`, state),
      };
    }
    case 'all_done': {
      const field = layout.queueField(fact.queue);
      const busy = graphs.map(({ locations }) => Uint8Array.from(locations, ({ inHand }) => Number(inHand.has(fact.queue))));
      return {
        isTrue: (state) => state[field] === 0 && busy.every((marks, actor) => marks[state[layout.actorField(actor)] ?? 0] !== 1),
        // Nobody is left to take what is in it.
        isImpossible: (state) => state[field] !== 0 && !may.any(`get:${fact.queue}`, state),
      };
    }
    case 'moment':
      return compileMoment(
        fact.moment,
        fact.actors.map((name) => layout.actorNamed(name)),
        graphs,
        layout,
        may,
      );
  }
}

function compileMoment(moment: Moment, actors: readonly number[], graphs: readonly ActorGraph[], layout: StateLayout, may: MayStill): CompiledFact {
  const subjects = actors.map((actor) => {
    const { locations, started } = present(graphs[actor], 'an actor has a graph');
    const mark = (test: (location: Location, number: number) => boolean): Uint8Array => Uint8Array.from(locations, (location, number) => Number(test(location, number)));
    return {
      actor,
      field: layout.actorField(actor),
      has: mark((location) => hasReached(location, moment)),
      isOver: mark(({ outcome }) => outcome !== null),
      isIdle: mark((_, number) => number < started),
    };
  });
  const neverStarts = ({ actor, field, isIdle }: (typeof subjects)[number], state: Int32Array): boolean =>
    at(isIdle, field, state) && !may.canBeStarted(actor, state);
  if (moment === 'failure') {
    // All have ended, and one has failed.
    const allOver = (state: Int32Array): boolean => subjects.every(({ field, isOver }) => at(isOver, field, state));
    const oneFailed = (state: Int32Array): boolean => subjects.some(({ field, has }) => at(has, field, state));
    return {
      isTrue: (state) => allOver(state) && oneFailed(state),
      isImpossible: (state) => (allOver(state) ? !oneFailed(state) : subjects.some((subject) => neverStarts(subject, state))),
    };
  }
  return {
    isTrue: (state) => subjects.every(({ field, has }) => at(has, field, state)),
    isImpossible: (state) =>
      subjects.some((subject) => !at(subject.has, subject.field, state) && (at(subject.isOver, subject.field, state) || neverStarts(subject, state))),
  };
}

function at(marks: Uint8Array, field: number, state: Int32Array): boolean {
  return marks[state[field] ?? 0] === 1;
}

/** Whether a moment of an actor's life has come where it is at this location. */
export function hasReached({ stage, outcome }: Location, moment: Moment): boolean {
  switch (moment) {
    case 'start':
      return stage !== 'before';
    case 'ready':
      return stage === 'ready';
    case 'success':
      return outcome === 'succeeded';
    case 'failure':
      return outcome === 'failed';
    case 'exit':
      return outcome !== null;
  }
}
