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
      const sets = layout.setsOf(fact.event);
      return {
        isTrue: (state) => state[field] === sets,
        isImpossible: (state) => state[field] !== sets && !may.any(`set:${fact.event}`, state),
      };
    }
    case 'all_done': {
      const field = layout.queueField(fact.queue);
      const isLeftOpen = neverBegins(fact.unlessNever, graphs, layout, may);
      const busy = graphs.map(({ locations }) => Uint8Array.from(locations, ({ inHand }) => Number(inHand.has(fact.queue))));
      return {
        isTrue: (state) => state[field] === 0 && busy.every((marks, actor) => marks[state[layout.actorField(actor)] ?? 0] !== 1),
        // Nobody is left to take what is in it.
        isImpossible: (state) => state[field] !== 0 && !may.anyTakes(fact.queue, state, (event) => state[layout.eventField(event)] === layout.setsOf(event)) && !isLeftOpen(state),
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
    const { locations } = present(graphs[actor], 'an actor has a graph');
    const mark = (test: (location: Location) => boolean): Uint8Array => Uint8Array.from(locations, (location) => Number(test(location)));
    return { ...subjectOf(actor, graphs, layout), has: mark((location) => hasReached(location, moment)), isOver: mark(({ outcome }) => outcome !== null) };
  });
  if (moment === 'failure') {
    // All have ended, and one has failed.
    const allOver = (state: Int32Array): boolean => subjects.every(({ field, isOver }) => at(isOver, field, state));
    const oneFailed = (state: Int32Array): boolean => subjects.some(({ field, has }) => at(has, field, state));
    return {
      isTrue: (state) => allOver(state) && oneFailed(state),
      isImpossible: (state) => (allOver(state) ? !oneFailed(state) : subjects.some((subject) => neverStarts(subject, state, may))),
    };
  }
  return {
    isTrue: (state) => subjects.every(({ field, has }) => at(has, field, state)),
    isImpossible: (state) =>
      subjects.some((subject) => !at(subject.has, subject.field, state) && (at(subject.isOver, subject.field, state) || neverStarts(subject, state, may))),
  };
}

/** Whether somebody waits to be started whom nobody can start any more; false of nobody. */
export function neverBegins(name: string | undefined, graphs: readonly ActorGraph[], layout: StateLayout, may: MayStill): Test {
  if (name === undefined) return () => false;
  const subject = subjectOf(layout.actorNamed(name), graphs, layout);
  return (state) => neverStarts(subject, state, may);
}

/** Somebody, and where he waits to be started. */
interface Subject {
  readonly actor: number;
  readonly field: number;
  readonly isIdle: Uint8Array;
}

function subjectOf(actor: number, graphs: readonly ActorGraph[], layout: StateLayout): Subject {
  const { locations, started } = present(graphs[actor], 'an actor has a graph');
  return { actor, field: layout.actorField(actor), isIdle: Uint8Array.from(locations, (_, number) => Number(number < started)) };
}

function neverStarts({ actor, field, isIdle }: Subject, state: Int32Array, may: MayStill): boolean {
  return at(isIdle, field, state) && !may.canBeStarted(actor, state);
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
