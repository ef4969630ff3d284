import type { Json } from '../../src/base/json.ts';
import type { EarlierTasks } from '../../src/engine/earlier-tasks.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { EngineEvent, HeardSignal } from '../../src/engine/engine-event.ts';
import type { EngineOptions } from '../../src/engine/engine-options.ts';
import type { SeenProgram } from '../../src/engine/seen-program.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { StandingCall } from './virtual-call.ts';
import type { WorldFaults } from './virtual-faults.ts';
import type { VirtualOrderOptions } from './virtual-order.ts';

/** What the world needs of an engine; a wrong one may take its place. */
export type EngineUnderTest = Pick<Engine, 'step' | 'rest' | 'nextWakeMs'>;

/** What comes from outside the spec. */
export interface WorldOptions {
  /** Signals that mpctl is sent. */
  readonly signals?: readonly { readonly atMs: number; readonly signal: HeardSignal }[];
  /** What programs ask through the door. */
  readonly calls?: readonly { readonly atMs: number; readonly event: Extract<EngineEvent, { type: 'call' | 'cancel_call' | 'holder_gone' }> }[];
  /** What a look at the program of an instance shows, given the calls that it waits in; without it, that it computes. */
  readonly looks?: (instance: string, standing: readonly StandingCall[], atMs: number) => SeenProgram;
  /** What pools read from files, standard input and globs; a string is why it cannot be read. */
  readonly sources?: Readonly<Record<string, readonly Json[] | string>>;
  /** So long it takes to read some of them. */
  readonly slowSourcesMs?: number;
  /** Files that cannot be opened, or take no line once they are. */
  readonly unwritable?: Readonly<Record<string, 'closed' | 'full'>>;
  /**
   * With a seed, everything takes a little while, and the engine hears of it in any order that keeps
   * cause before effect; the broker answers late and in another order.
   */
  readonly seed?: number;
  /** What a run before this one has made of the tasks of pools. */
  readonly earlier?: ReadonlyMap<string, EarlierTasks>;
  /** It is run by a make with so many tokens besides the one that its recipe has. */
  readonly makeTokens?: number;
  /** In which order its primitives are asked; not with a seed, by which it is none. */
  readonly inOrder?: VirtualOrderOptions;
  /** Whose programs that do things by chance do not end by themselves. */
  readonly lasting?: ReadonlySet<string>;
  /** What goes wrong around it; only with a seed. */
  readonly faults?: WorldFaults;
  readonly createEngine?: (plan: Plan, options: EngineOptions) => EngineUnderTest;
}
