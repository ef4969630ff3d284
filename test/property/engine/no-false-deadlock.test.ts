import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Effect } from '../../../src/engine/effect.ts';
import { Engine } from '../../../src/engine/engine.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { assertUntil } from '../../rig/assert-until.ts';
import type { EngineUnderTest, WorldOptions } from '../../rig/world-options.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { lockableSpec, lockableToTheLast, orderingSpec } from '../verify/lockable-spec.ts';
import { randomSpec } from './random-spec.ts';
import { planOrNull } from './run-spec.ts';

/** Whoever is stuck stays so until the run is stopped, which is then at the latest. */
const signals: NonNullable<WorldOptions['signals']> = [3000, 3300, 3600].map((atMs) => ({ atMs, signal: 'SIGINT' }));

/** Notes who is said to be stuck, and then goes on; the run is not stopped for it. */
class Observer {
  /** Who was said to be stuck, with what was seen of him afterwards. */
  readonly goesOn: string[] = [];
  saidStuck = 0;
  readonly #waiting = new Set<string>();
  readonly #stuck = new Map<string, number>();
  #nowMs = 0;
  #isStopped = false;

  readonly createEngine = (plan: Plan, options: ConstructorParameters<typeof Engine>[1]): EngineUnderTest => {
    const heldBack = { isHolding: true, holds: () => false, isUntimed: () => false, holdsUp: () => false, noteStuck: (isLive: (instance: string) => boolean) => this.#noteStuck(isLive), ledTo: new Set<string>() };
    const engine = new Engine(plan, { ...options, heldBack });
    return {
      step: (event, nowMs) => {
        this.#nowMs = nowMs;
        return this.#heard(engine.step(event, nowMs));
      },
      rest: () => this.#heard(engine.rest()),
      nextWakeMs: () => engine.nextWakeMs(),
    };
  };

  #noteStuck(isLive: (instance: string) => boolean): void {
    if (this.#isStopped) return;
    this.saidStuck += 1;
    for (const name of this.#waiting) if (!isLive(name) && !this.#stuck.has(name)) this.#stuck.set(name, this.#nowMs);
  }

  #heard(effects: readonly Effect[]): readonly Effect[] {
    for (const effect of effects) {
      if (effect.type !== 'report') continue;
      if (effect.event.type === 'run.stopping' || effect.event.type === 'run.signal') this.#isStopped = true;
      if (this.#isStopped || !('instance' in effect.event) || effect.event.instance === null) continue;
      const { type, instance } = effect.event;
      if (type === 'instance.waiting') this.#waiting.add(instance);
      if (type !== 'instance.granted' && type !== 'instance.running' && type !== 'instance.ended' && type !== 'instance.started') continue;
      const sinceMs = this.#stuck.get(instance);
      if (sinceMs !== undefined) this.goesOn.push(`${instance} is stuck at ${String(sinceMs)}, and ${type} at ${String(this.#nowMs)}`);
      this.#waiting.delete(instance);
    }
    return effects;
  }
}

it.each([
  ['of every kind', randomSpec({ forever: true })],
  ['that wait for each other', lockableSpec],
  ['that start and end each other', orderingSpec],
  ['with others in `finally`', lockableToTheLast],
] as const)('who is said to be stuck among processes %s never goes on by himself', (_kind, specs) => {
  let saidStuck = 0;
  assertUntil(
    fc.property(specs, fc.nat(), (spec, seed) => {
      const plan = planOrNull({ ...spec, on_failure: 'continue' });
      fc.pre(plan !== null);
      for (const options of [{}, { seed }, { seed: seed + 1 }]) {
        const observer = new Observer();
        runVirtually(plan, { ...options, signals, createEngine: observer.createEngine });
        expect(observer.goesOn).toEqual([]);
        saidStuck += observer.saidStuck;
      }
    }),
    { numRuns: 60 },
    { count: () => saidStuck, moreThan: 0 },
  );
});
