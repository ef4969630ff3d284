import type { Place } from '../base/place.ts';
import type { Demand } from '../sync/operation.ts';
import type { EndOutcome, Operation } from './model.ts';

/** How far an actor has come in its life; it stays what it was when the actor ends. */
export type Stage = 'before' | 'started' | 'ready';

/** So much of each thing; what is 0 is left out. */
export type Counts = ReadonlyMap<string, number>;

/**
 * One state of an actor: where it stands in its script, and all that belongs to it alone. What it holds
 * is a function of where it stands, so that nothing of it has to be kept beside.
 */
export interface Location {
  /** Of locks and semaphores. */
  readonly held: Counts;
  /** Items in hand of each queue. */
  readonly inHand: Counts;
  /** Queues that it has closed. */
  readonly closed: ReadonlySet<string>;
  readonly stage: Stage;
  /** null while it lives. */
  readonly outcome: EndOutcome | null;
  readonly choices: readonly Choice[];
  /**
   * Where it would come to if the primitives did not refuse what it does here, if what it waited for had ended otherwise, or if the run
   * did not end with that. It never comes there, but whoever asks what it can still do looks at its steps, and knows nothing of that.
   */
  readonly beyond: readonly Beyond[];
  /** What it waits for here that it can never have, since it has so much of it itself, or there is not as much; such a wait is no choice. */
  readonly waitsInVain?: WaitInVain;
  /** Once it is here the run is over for everybody. */
  readonly endsRun: boolean;
}

/** A wait for what can never be had. */
export interface WaitInVain {
  readonly names: readonly string[];
  readonly place: Place;
}

/** What would come behind a step that the primitives refuse. */
export interface Beyond {
  readonly target: number;
  /** Events that would be set on the way. */
  readonly sets: readonly string[];
}

/** What the choice of a location can be: an operation, or to be let go on by somebody else's. */
export type Act =
  | Operation
  /** Begins to wait for an event that is not set. */
  | { readonly do: 'begin_to_wait'; readonly event: string }
  /** Begins to wait for it in line, where it cannot be had at once. */
  | { readonly do: 'line_up'; readonly demands: readonly Demand[] }
  /** It is his turn in the line. `isHopeless`: it never is, since he has so much himself, or there is not as much. */
  | { readonly do: 'served'; readonly demands: readonly Demand[]; readonly isHopeless: boolean }
  /** The others do it: the last party of a barrier, the set of an event, the notify of a condition. */
  | { readonly do: 'woken'; readonly by: string };

/** A way on from a location. */
export interface Choice {
  readonly act: Act;
  /** Number of the location that it leads to. */
  readonly target: number;
  /** Events that are set with it. */
  readonly sets: readonly string[];
  /** Items of each queue that are done with it. */
  readonly done: Counts;
  /** Items of each queue that the actor had in hand when it ended. */
  readonly lost: Counts;
  readonly stopsRun: boolean;
  /** How the actor ends with it; there may be others with the same target. */
  readonly ends?: EndOutcome;
  /** It would, if it were not looked at what comes of the others without that. */
  readonly wouldStopRun?: boolean;
  /** It is possible only where this event is not set. */
  readonly unless?: string;
  readonly place: Place;
}
