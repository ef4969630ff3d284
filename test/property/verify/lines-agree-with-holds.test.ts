import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PrimitiveDefinition } from '../../../src/sync/definition.ts';
import type { Demand, Operation, SyncEvent } from '../../../src/sync/operation.ts';
import { SyncTable } from '../../../src/sync/sync-table.ts';
import type { Act } from '../../../src/verify/location.ts';
import type { Actor, Model, Resource, Script, Statement } from '../../../src/verify/model.ts';
import { ModelSystem, type Transition } from '../../../src/verify/model-system.ts';
import { does, either, firstOf, releases } from '../../../src/verify/script-words.ts';
import { actor, lock, one, semaphore } from '../../rig/benchmark-models.ts';

const definitions: readonly PrimitiveDefinition[] = [
  { kind: 'semaphore', name: 'seats', permits: 3, bounded: true, fair: true },
  { kind: 'semaphore', name: 'rooms', permits: 2, bounded: true, fair: true },
  { kind: 'semaphore', name: 'boats', permits: 2, bounded: true, fair: false },
  { kind: 'lock', name: 'door', reentrant: false },
  { kind: 'lock', name: 'again', reentrant: true },
];
const resources: readonly Resource[] = [semaphore('seats', 3, true), semaphore('rooms', 2, true), semaphore('boats', 2), lock('door'), { ...lock('again'), kind: 'permits', permits: 1, isLock: true, reentrant: true, fair: false }];

const demand = fc.constantFrom<readonly Demand[]>([one('seats')], [one('seats', 2)], [one('seats', 3)], [one('rooms')], [one('rooms', 2)], [one('boats')], [one('door')], [one('again')], [one('again'), one('seats')], [one('boats', 2)], [one('seats'), one('door')], [one('boats'), one('seats', 2)], [one('rooms'), one('boats')], [one('door'), one('again')]);

/** Takes it for as long as it takes, for so long only, or without any waiting. */
function taking(next: (demands: readonly Demand[]) => fc.Arbitrary<Script>): fc.Arbitrary<Statement> {
  return demand.chain((demands) =>
    fc.tuple(fc.constantFrom('untimed', 'untimed', 'untimed', 'timed', 'tried'), next(demands)).map(([how, script]): Statement => {
      if (how === 'untimed') return firstOf([{ operation: { do: 'acquire', demands }, next: script }]);
      return firstOf([{ operation: { do: 'acquire', demands, isTimed: true, isTried: how === 'tried' }, next: script }, { operation: { do: 'time_out', breaks: null }, next: [] }]);
    }),
  );
}

const keeping = taking(() => fc.constant([]));
const holding = taking((demands) => fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(either([[]])) }, { weight: 1, arbitrary: keeping }), { minLength: 1, maxLength: 2 }).map((body): Script => [{ type: 'hold', demands, body, place: [] }]));
const giving = fc.constantFrom('seats', 'rooms', 'boats', 'door', 'again').map((name): Statement => ({ type: 'attempt', drops: 'nothing', body: [releases([one(name)])], onFailure: [] }));
const script = fc
  .array(fc.oneof({ weight: 1, arbitrary: keeping }, { weight: 8, arbitrary: holding }, { weight: 1, arbitrary: giving }), { minLength: 1, maxLength: 4 })
  .map((list): Script => [...list, either([[{ type: 'end', outcome: 'succeeded', sets: [], stopsRun: false }]])]);

/** Some who take and give back, and sometimes one who ends two of them. */
const models = fc.tuple(fc.array(script, { minLength: 3, maxLength: 6 }), fc.nat(3)).map(([scripts, dice]): Model => {
  const actors = scripts.map((list, index): Actor => actor(`actor-${String(index)}`, list));
  const killers = dice === 0 ? [actor('killer', actors.slice(0, 2).map(({ name }) => does({ do: 'stop', actors: [name] })))] : [];
  return { resources, actors: [...actors, ...killers] };
});

/** The same in the primitives of a run: what is asked for, and who is answered. */
class Table {
  readonly table = new SyncTable(definitions);
  readonly #names = new Map<number, string>();
  readonly #last = new Map<string, number>();
  #nowMs = 0;

  /** What comes of it, for all who have asked for something. */
  does({ actor: name, choice }: Transition, inLine: boolean, isTried: boolean): readonly string[] {
    const { act } = choice;
    switch (act.do) {
      case 'acquire':
      case 'line_up':
        return this.#ask(name, { verb: 'acquire', demands: act.demands }, this.#patience(choice.act, isTried));
      case 'release':
        return this.#ask(name, { verb: 'release', demands: act.demands }, null);
      case 'nothing':
        return act.refused?.do === 'acquire' ? this.#ask(name, { verb: 'acquire', demands: act.refused.demands }, null) : [];
      case 'time_out':
        return inLine ? this.#answers(this.table.cancel(this.#last.get(name) ?? 0)) : [];
      case 'stop':
        return act.actors.flatMap((other) => this.ends(other));
      default:
        return [];
    }
  }

  ends(name: string): readonly string[] {
    return this.#answers(this.table.ownerEnded(name, true));
  }

  /** Asks for it only where it can be had at once. */
  tries(name: string, demands: readonly Demand[]): readonly string[] {
    return this.#ask(name, { verb: 'acquire', demands }, 0);
  }

  #patience(act: Act, isTried: boolean): number | null {
    if (isTried) return 0;
    return act.do === 'line_up' ? 1_000_000 : null;
  }

  #ask(name: string, operation: Operation, patienceMs: number | null): readonly string[] {
    this.#nowMs += 1;
    const id = this.#nowMs;
    this.#names.set(id, name);
    this.#last.set(name, id);
    return this.#answers(this.table.request({ id, owner: { instance: name, holder: 'steps' }, operation, deadlineMs: patienceMs === null ? null : this.#nowMs + patienceMs }, this.#nowMs));
  }

  #answers(events: readonly SyncEvent[]): readonly string[] {
    return events.flatMap((event) => (event.type === 'settled' ? [`${this.#names.get(event.requestId) ?? ''} ${event.outcome.status}`] : []));
  }
}

interface Step {
  readonly transition: Transition;
  readonly state: Int32Array;
}

/** What may happen next in a model. */
function stepsFrom(system: ModelSystem, state: Int32Array): readonly Step[] {
  const found: Step[] = [];
  const next = Int32Array.from(state);
  system.expand(state, {
    get: (field) => next[field] ?? 0,
    set: (field, value) => {
      next[field] = value;
    },
    reach: (transition) => {
      found.push({ transition: system.transitionAt(transition), state: Int32Array.from(next) });
      next.set(state);
    },
  });
  return found;
}

/** Both at once, step by step. */
class Pair {
  readonly system: ModelSystem;
  readonly #table = new Table();
  #state: Int32Array;

  constructor(model: Model) {
    this.system = new ModelSystem(model);
    this.#state = Int32Array.from(this.system.initial);
  }

  get steps(): readonly Step[] {
    return stepsFrom(this.system, this.#state);
  }

  /** Takes a step of the model, with all who are served by it, and the same in the table; returns what came of it in each. */
  take({ transition, state }: Step): { readonly ofModel: readonly string[]; readonly ofTable: readonly string[] } {
    const { actor: name, from, choice } = transition;
    const { locations = [] } = this.system.graphs.find((graph) => graph.name === name) ?? {};
    const here = locations[from]?.choices ?? [];
    const inLine = here.some(({ act }) => act.do === 'served');
    const isTried = !inLine && here.some(({ act }) => act.do === 'acquire') && !here.some(({ act }) => act.do === 'line_up') && here.some(({ act }) => act.do === 'time_out');
    const ofTable = [...this.#table.does(transition, inLine, isTried)];
    if ((locations[choice.target]?.outcome ?? null) !== null) ofTable.push(...this.#table.ends(name));
    const ofModel = choice.act.do === 'acquire' || choice.act.do === 'release' ? [`${name} granted`] : [];
    if (choice.act.do === 'nothing' && choice.act.refused?.do === 'acquire') ofModel.push(`${name} failed`);
    this.#state = state;
    for (;;) {
      const served = this.steps.filter((step) => step.transition.choice.act.do === 'served');
      const [first] = served;
      if (first === undefined) break;
      ofModel.push(`${first.transition.actor} granted`);
      this.#state = first.state;
    }
    return { ofModel: ofModel.toSorted(), ofTable: ofTable.filter((answer) => !answer.endsWith('cancelled')).toSorted() };
  }

  /** Who holds what, and who waits for the same things in which order. */
  ofModel(): unknown {
    const at = this.system.graphs.map(({ locations }, number) => locations[this.#state[this.system.layout.actorField(number)] ?? 0]);
    const held = this.system.graphs.flatMap(({ name }, number) => [...(at[number]?.held ?? [])].map(([thing, count]) => `${name} ${thing} ${count}`));
    const waiting = this.system.graphs.flatMap(({ name }, number) => {
      const turn = this.system.layout.turnField(number);
      return turn !== null && (this.#state[turn] ?? 0) > 0 ? [name] : [];
    });
    return { held: held.toSorted(), waiting: waiting.toSorted() };
  }

  ofTable(): unknown {
    const { primitives, waiting } = this.#table.table.snapshot();
    const counts = new Map<string, number>();
    for (const primitive of primitives) {
      const holdings = primitive.kind === 'semaphore' || primitive.kind === 'lock' ? primitive.holdings : [];
      for (const { owner, permits } of holdings) counts.set(`${owner.instance} ${primitive.name}`, (counts.get(`${owner.instance} ${primitive.name}`) ?? 0) + permits);
    }
    return { held: [...counts].map(([key, count]) => `${key} ${count}`).toSorted(), waiting: waiting.map(({ owner }) => owner.instance).toSorted() };
  }

  /** Those who only try, and would get nothing. */
  refusedTries(): readonly string[] {
    return this.system.graphs.flatMap(({ name, locations }, number) => {
      const choices = locations[this.#state[this.system.layout.actorField(number)] ?? 0]?.choices ?? [];
      if (choices.some(({ act }) => act.do === 'line_up')) return [];
      return choices.flatMap(({ act }) => {
        if (act.do !== 'acquire' || this.steps.some(({ transition }) => transition.actor === name && transition.choice.act === act)) return [];
        return this.#table.tries(name, act.demands);
      });
    });
  }
}

it('who is served in which order is the same in the model and in the primitives of a run', () => {
  const seen = { served: 0, linedUp: 0, steps: 0 };
  fc.assert(
    fc.property(models, fc.array(fc.nat(), { minLength: 30, maxLength: 30 }), (model, picks) => {
      const pair = new Pair(model);
      for (const pick of picks) {
        const { steps } = pair;
        const step = steps[pick % Math.max(1, steps.length)];
        if (step === undefined) break;
        const { ofModel, ofTable } = pair.take(step);
        seen.steps += 1;
        if (step.transition.choice.act.do === 'line_up') seen.linedUp += 1;
        if (ofModel.length > 1) seen.served += 1;
        expect(ofTable).toEqual(ofModel);
        expect(pair.ofTable()).toEqual(pair.ofModel());
        for (const answer of pair.refusedTries()) expect(answer).toMatch(/ (?:timed_out|failed)$/u);
      }
    }),
    { numRuns: 400 },
  );
  for (const count of [seen.served, seen.linedUp]) expect(count).toBeGreaterThan(seen.steps / 100);
});
