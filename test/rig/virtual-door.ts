import type { Caller, EngineCall } from '../../src/engine/caller.ts';
import type { Effect } from '../../src/engine/effect.ts';
import type { EngineEvent, ProcessKey } from '../../src/engine/engine-event.ts';
import type { SeenProgram } from '../../src/engine/seen-program.ts';
import type { CallAnswer, StandingCall } from './virtual-call.ts';
import type { WorldOptions } from './world-options.ts';

/** Calls of programs that act by chance have numbers from here on. */
const firstOwnCall = 1_000_000;
const computing: SeenProgram = { processes: [{ pid: 1, mark: '', threads: ['other'] }], waiters: [], clients: [], loops: [], listeners: [] };

/** What programs ask of the engine, and what it has answered. */
export class VirtualDoor {
  readonly answers: CallAnswer[] = [];
  readonly #looks: WorldOptions['looks'];
  readonly #step: (event: EngineEvent) => void;
  readonly #standing = new Map<number, StandingCall>();
  readonly #awaited = new Map<number, (isGranted: boolean) => void>();
  #lastCall = firstOwnCall;

  /** `step` lets the engine hear something at once. */
  constructor(looks: WorldOptions['looks'], step: (event: EngineEvent) => void) {
    this.#looks = looks;
    this.#step = step;
  }

  /** The engine hears what comes through the door. */
  hear(event: NonNullable<WorldOptions['calls']>[number]['event']): void {
    if (event.type === 'call') this.#standing.set(event.id, { call: event.id, caller: event.caller });
    this.#step(event);
  }

  /** The engine hears a call; `answered` is called with its answer, unless whoever asks is gone by then. */
  ask(caller: Caller, call: EngineCall, answered: (isGranted: boolean) => void): void {
    this.#lastCall += 1;
    this.#awaited.set(this.#lastCall, answered);
    this.hear({ type: 'call', id: this.#lastCall, caller, call, progress: 0 });
  }

  answer({ call, answer }: Extract<Effect, { type: 'answer' }>, atMs: number): void {
    this.answers.push({ atMs, call, answer });
    this.#standing.delete(call);
    const answered = this.#awaited.get(call);
    this.#awaited.delete(call);
    answered?.(answer.ok);
  }

  /** A program is gone, and its connection with it. */
  leave(holder: Caller): void {
    for (const { call, caller } of this.#standing.values()) if (caller.instance === holder.instance && caller.holder === holder.holder) this.#awaited.delete(call);
    this.hear({ type: 'holder_gone', holder });
  }

  /** What a look at the program of an instance shows; of one that asks by itself, whether it waits for an answer. */
  see(key: ProcessKey, instance: string, atMs: number): EngineEvent {
    const standing = [...this.#standing.values()].filter(({ caller }) => caller.instance === instance);
    const own = standing.find(({ caller }) => caller.holder === holderOf(key));
    return { type: 'program_seen', key, seen: this.#looks?.(instance, standing, atMs) ?? (own === undefined ? computing : waitingIn(own, key)) };
  }
}

/** The one thread of a program that asks by itself. */
export function holderOf(key: ProcessKey): string {
  return `${key}/1`;
}

function waitingIn({ call }: StandingCall, pid: number): SeenProgram {
  return { processes: [{ pid, mark: '', threads: ['answer'] }], waiters: [{ call, pid, thread: '1', threads: 1 }], clients: [pid], loops: [], listeners: [] };
}
