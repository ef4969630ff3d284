import { present } from '../../base/invariant.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { foundBroken } from '../broken-queues.ts';
import { lacksOf } from '../lacking-permits.ts';
import type { Act, Choice } from '../location.ts';
import { isMiss, waysToGet } from '../misses.ts';
import type { Model } from '../model.ts';
import { ModelSystem } from '../model-system.ts';
import { both, either, PromelaGuards } from './promela-guards.ts';
import { PromelaConditions } from './promela-conditions.ts';
import { PromelaEffects } from './promela-effects.ts';
import { PromelaLines } from './promela-lines.ts';
import { PromelaLoose } from './promela-loose.ts';
import { marked, PromelaNames } from './promela-names.ts';
import { PromelaTasks } from './promela-tasks.ts';

/** One thing that an actor may do: where it is possible, it happens as a whole. */
interface Step {
  readonly guard: string;
  readonly effects: readonly string[];
}

/**
 * A model in the language of SPIN, with one process for each actor. Where nobody can go on and the run is not over, an assertion fails:
 * `pan -E -c0` counts these states, and has one state and one transition more for each state in which nothing happens any more. A step
 * of the model is one transition. An error says what cannot be written.
 */
export function writePromela(model: Model): Result<string, string> {
  const writer = new PromelaWriter(model);
  const text = writer.write();
  return writer.refusal === null ? ok(text) : err(writer.refusal);
}

class PromelaWriter {
  /** What cannot be written. */
  refusal: string | null = null;
  readonly #model: Model;
  readonly #system: ModelSystem;
  readonly #names: PromelaNames;
  readonly #guards: PromelaGuards;
  readonly #effects: PromelaEffects;
  readonly #lines: PromelaLines;
  readonly #tasks: PromelaTasks;
  readonly #conditions: PromelaConditions;
  readonly #loose: PromelaLoose;

  constructor(model: Model) {
    this.#model = model;
    this.#system = new ModelSystem(model);
    this.#names = new PromelaNames(this.#system);
    this.#guards = new PromelaGuards(this.#system, this.#names);
    this.#lines = new PromelaLines(this.#system, this.#names);
    this.#tasks = new PromelaTasks(this.#system, this.#names);
    this.#conditions = new PromelaConditions(this.#system, this.#names);
    this.#loose = new PromelaLoose(this.#system, this.#names);
    this.refusal = this.#loose.refusal();
    this.#effects = new PromelaEffects(model, this.#system, this.#names, { lines: this.#lines, conditions: this.#conditions, loose: this.#loose }, (what) => {
      this.refusal = what;
    });
  }

  write(): string {
    const { graphs } = this.#system;
    return [
      '/* spin -o2 -a FILE && gcc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -E -c0 -n -m1000000 */',
      `short at[${graphs.length}];`,
      'bit ended;',
      ...(this.#lines.isEmpty ? [] : [`byte turn[${graphs.length}];`, `#define SERVED ${this.#lines.anyServed()}`]),
      ...this.#model.resources.map((resource) => `short ${this.#names.of(resource.name)} = ${this.#initial(resource)}; /* ${resource.name} */`),
      ...this.#model.resources.filter(({ name }) => this.#endLasts(name)).map(({ name }) => `bit ${this.#names.endOf(name)};`),
      ...this.#model.resources.filter(({ name }) => this.#isTold(name)).map(({ name }) => `bit ${this.#names.breakOf(name)};`),
      ...this.#tasks.declarations(),
      ...this.#conditions.declarations(),
      ...this.#loose.declarations(),
      `#define OVER (ended == 1 || ${this.#system.over().length === 0 ? 'true' : both(this.#system.over().map(({ actor, isOver }) => this.#names.isAtOne(actor, marked(isOver))))})`,
      ...graphs.map((_, actor) => this.#process(actor)),
      'active proctype watch() { d_step { timeout -> assert(OVER) }; end: false }',
      '',
    ].join('\n');
  }

  #endLasts(queue: string): boolean {
    return this.#system.layout.endField(queue) !== null;
  }

  #isTold(queue: string): boolean {
    return this.#system.layout.breakField(queue) !== null;
  }

  #tellsBroken(act: Choice['act']): readonly string[] {
    return foundBroken(act).flatMap((queue) => (this.#isTold(queue) ? [`${this.#names.breakOf(queue)} = 1`] : []));
  }

  #mayEnd(queue: string): string {
    const hasEnded = `!${this.#guards.anyPuts(queue)}`;
    return this.#endLasts(queue) ? either([`${this.#names.endOf(queue)} == 1`, hasEnded]) : hasEnded;
  }

  #initial(resource: Model['resources'][number]): number {
    switch (resource.kind) {
      case 'permits':
        return resource.permits;
      case 'event':
        return resource.isSet ? this.#system.layout.setsOf(resource.name) : 0;
      case 'barrier':
        return 0;
      case 'queue':
        return Math.min(resource.items, this.#system.layout.boundOf(resource.name).most);
    }
  }

  #process(actor: number): string {
    const graph = this.#system.graphs[actor];
    const steps = (graph?.locations ?? []).flatMap(({ choices }, at) => choices.flatMap((choice) => this.#steps(actor, at, choice).map((step) => this.#text(actor, at, this.#guarded(choice, step)))));
    // One that does nothing has to stand there all the same: its number is its place.
    const body = steps.length === 0 ? 'end: false' : `end: do\n${steps.join('\n')}\n  od`;
    return `active proctype actor_${actor}() { /* ${graph?.name ?? ''} */\n  ${body}\n}`;
  }

  /** Before anything else happens those are served whose turn it is. */
  #guarded({ act, unless }: Choice, step: Step): Step {
    const open = unless === undefined ? step : { ...step, guard: both([`${this.#names.of(unless)} != ${this.#system.layout.setsOf(unless)}`, step.guard]) };
    return act.do === 'served' || this.#lines.isEmpty ? open : { ...open, guard: `!SERVED && ${open.guard}` };
  }

  #text(actor: number, at: number, { guard, effects }: Step): string {
    const all = effects.includes('ended = 1') ? [...effects, ...this.#effects.clearAll(), ...this.#tasks.clear()] : effects;
    return `  :: d_step { !OVER && ${this.#names.at(actor)} == ${at} && ${guard} -> ${all.join('; ')} }`;
  }

  #steps(actor: number, at: number, choice: Choice): readonly Step[] {
    const { act } = choice;
    const move = this.#effects.move(actor, at, choice);
    const guards = this.#guards;
    const names = this.#names;
    const locations = this.#system.graphs[actor]?.locations ?? [];
    const one = (guard: string, ...more: readonly string[]): readonly Step[] => [{ guard, effects: [...move, ...more] }];
    const lacks = lacksOf(act);
    if (lacks.length > 0) {
      const isRefused = this.#loose.isRefused(actor, at, lacks);
      return act.do === 'nothing' ? one(isRefused) : [{ guard: `!${isRefused}`, effects: [...this.#effects.takeOff(actor, lacks), ...move] }];
    }
    switch (act.do) {
      case 'nothing':
      case 'release':
      case 'item_done':
      case 'close':
      case 'reach':
        return one('true');
      case 'wait_notified': {
        const vain = this.#conditions.vain(act.condition);
        return one(vain === null || act.runsItsTime === true ? 'true' : `${vain} == 0`);
      }
      case 'acquire':
        return one(both([this.#lines.canAcquire(present(locations[at], 'a step begins at a location'), act.demands), ...this.#conditions.mayTake(actor, at)]));
      case 'line_up': {
        const isHopeless = locations[choice.target]?.choices.some((other) => other.act.do === 'served' && other.act.isHopeless) === true;
        return one(isHopeless ? 'true' : `!${this.#lines.canAcquire(present(locations[at], 'a step begins at a location'), act.demands)}`);
      }
      case 'served':
        return one(this.#lines.isServed(actor, at));
      case 'set':
        return one('true', ...this.#effects.set(act.event));
      case 'clear':
        // Whoever has come to its end with it may set the event again.
        return [{ guard: 'true', effects: [`${names.of(act.event)} = 0`, ...move] }];
      case 'await':
        return one(both(act.facts.map((fact) => guards.isTrue(fact))));
      case 'find_impossible':
        return one(either(act.facts.map((fact) => guards.isImpossible(fact))), ...this.#tellsBroken(act));
      case 'await_pulse':
      case 'begin_to_wait':
        return one(`${names.of(act.event)} ${act.do === 'await_pulse' ? '==' : '!='} ${this.#system.layout.setsOf(act.event)}`);
      case 'notify':
        return [{ guard: 'true', effects: [...this.#effects.wakeInOrder(act.condition, act.count, 'notified'), ...move] }];
      case 'find_unnotifiable':
        return this.#findsVain(act, move);
      case 'find_end':
        return one(both(act.queues.map((queue) => both([`${names.of(queue)} == 0`, this.#mayEnd(queue)]))), ...act.queues.flatMap((queue) => (this.#endLasts(queue) ? [`${names.endOf(queue)} = 1`] : [])));
      case 'find_broken_queue':
        if (act.once !== undefined) return one(guards.isTrue({ type: 'event', event: act.once }));
        return one(both([`!${guards.anyReceives(act.queue)}`, ...guards.begins(act.unlessNever)]), ...this.#tellsBroken(act));
      case 'put':
      case 'get':
        return this.#queueSteps(actor, act, move);
      case 'arrive':
        return this.#arrival(act.barrier, move);
      case 'find_broken_barrier':
        return one(`(${names.of(act.barrier)} == 1 || (${guards.count(`wait:${act.barrier}`)}) < ${this.#parties(act.barrier)})`, `${names.of(act.barrier)} = 1`);
      case 'reset':
        return one('true', `${names.of(act.barrier)} = 0`, ...this.#effects.turnAway(act.barrier));
      case 'break':
      case 'time_out': {
        const barrier = act.do === 'break' ? act.barrier : act.breaks;
        return one(isMiss(act) ? this.#misses(actor, at) : 'true', ...(barrier === null ? [] : [`${names.of(barrier)} = 1`]));
      }
      case 'start':
      case 'find_alive':
      case 'stop': {
        const targets = act.actors.map((name) => names.actorNamed(name));
        const anyAlive = `(${targets.map((target) => guards.isAlive(target, act.do === 'find_alive' && act.orEnding === true)).join(' || ')})`;
        if (act.do === 'find_alive') return one(anyAlive);
        return act.do === 'start' ? one(`!${anyAlive}`, ...targets.flatMap((target) => this.#effects.start(target))) : one('true', ...targets.flatMap((target) => this.#effects.stop(target)));
      }
      case 'woken':
        return [];
    }
  }

  /** What is waited for there is not. */
  #misses(actor: number, at: number): string {
    const location = present(this.#system.graphs[actor]?.locations[at], 'a step begins at a location');
    const gets = waysToGet(location).flatMap((choice) => this.#steps(actor, at, choice).map((step) => this.#guarded(choice, step).guard));
    const fills = location.choices.flatMap(({ act }) => (act.do === 'arrive' ? [this.#fills(act.barrier)] : []));
    return `!${either([...gets, ...fills])}`;
  }

  #queueSteps(actor: number, act: Extract<Act, { do: 'put' | 'get' }>, move: readonly string[]): readonly Step[] {
    const items = this.#names.of(act.queue);
    const { most, saturates } = this.#system.layout.boundOf(act.queue);
    const resource = this.#system.resources.get(act.queue);
    const capacity = resource?.kind === 'queue' ? resource.capacity : null;
    const isPipe = resource?.kind === 'queue' && resource.ends !== null;
    const isOpen = [...(capacity === null ? [] : [`${items} < ${capacity}`]), ...(isPipe ? [this.#guards.any(`get:${act.queue}`)] : []), ...(this.#isTold(act.queue) ? [`${this.#names.breakOf(act.queue)} == 0`] : [])];
    if (act.do === 'put') {
      const { count = 1 } = act;
      const sum = `${items} + ${count}`;
      return [{ guard: both(isOpen), effects: [...move, `${items} = (${sum} > ${most} -> ${most} : ${sum})`, ...this.#tasks.haveCome(act.queue, count)] }];
    }
    const mayTake = this.#tasks.mayTake(actor, act);
    const takes: Step = { guard: both([`${items} > 0`, ...mayTake]), effects: [...move, `${items} = ${items} - 1`, ...this.#tasks.isTaken(act.queue)] };
    return saturates ? [takes, { guard: both([`${items} >= ${most}`, ...mayTake]), effects: move }] : [takes];
  }

  /** All hear of it with the first of them, who is in his place in the line as well. */
  #findsVain({ condition, isAtOnce, isTried }: Extract<Act, { do: 'find_unnotifiable' }>, move: readonly string[]): readonly Step[] {
    const vain = this.#conditions.vain(condition);
    const isKnown = `${vain ?? '0'} == 1`;
    if (isAtOnce === true && isTried !== true) return [{ guard: isKnown, effects: move }];
    const isInVain = `!${this.#guards.any(`notify:${condition}`)}`;
    const tells = [...this.#effects.wakeInOrder(condition, 'all', 'in vain'), ...(vain === null ? [] : [`${vain} = 1`])];
    return [isTried === true ? { guard: `(${isKnown} || ${isInVain})`, effects: [...move, ...tells] } : { guard: isInVain, effects: tells }];
  }

  #parties(barrier: string): number {
    const resource = this.#system.resources.get(barrier);
    return resource?.kind === 'barrier' ? resource.parties : 0;
  }

  #arrival(barrier: string, move: readonly string[]): readonly Step[] {
    const isFilled = this.#fills(barrier);
    return [
      { guard: both([`${this.#names.of(barrier)} == 0`, `!${isFilled}`]), effects: move },
      { guard: isFilled, effects: [...move, ...this.#effects.wake(barrier)] },
    ];
  }

  /** One more would fill it. */
  #fills(barrier: string): string {
    const waiting = this.#effects.sleepersAt(barrier).map(({ actor, location }) => `(${this.#names.at(actor)} == ${location} -> 1 : 0)`);
    return both([`${this.#names.of(barrier)} == 0`, `(${['1', ...waiting].join(' + ')} >= ${this.#parties(barrier)})`]);
  }
}
