import type { EngineEvent } from '../../src/engine/engine-event.ts';
import { operator } from '../../src/engine/call-check.ts';
import { isEngineCall } from '../../src/engine/caller.ts';
import { parseCall } from '../../src/protocol/parse-call.ts';
import type { WorldFaults } from '../rig/virtual-faults.ts';
import { randomFrom } from '../rig/virtual-random.ts';
import type { WorldOptions } from '../rig/world-options.ts';

/** What may go wrong around a run; each can be left out, to see which of them it takes. */
export const dangers = ['signals', 'deaths', 'failing spawns', 'slow spawns', 'late exits', 'lost exits', 'jumps', 'full disk', 'operator'] as const;
export type Danger = (typeof dangers)[number];

/** Of so many schedules, one has a given danger. */
const oneIn = 3;
/** While it is dangerous, in ms. */
const spanMs = 1500;
const hourMs = 3_600_000;
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGPIPE', 'orphaned'] as const;
const stopMethods = ['process.terminate', 'process.kill', 'process.restart', 'process.start'] as const;

/** What happens to a run, and in which order it is heard of: all of it is up to the number. */
export interface Schedule {
  readonly seed: number;
  readonly dangers: readonly Danger[];
  readonly options: WorldOptions;
}

/** The schedule of a number for a spec with these processes, with no other dangers than `allowed`. */
export function scheduleOf(seed: number, processes: readonly string[], allowed: readonly Danger[] = dangers): Schedule {
  const random = randomFrom(seed);
  const whole = (end: number): number => Math.floor(random() * end);
  // Each is drawn whether it is allowed or not, so that leaving one out changes none of the others.
  const drawn = dangers.filter(() => whole(oneIn) === 0);
  const times = Array.from({ length: 30 }, () => whole(spanMs));
  const shares = Array.from({ length: 4 }, () => random());
  const choices = Array.from({ length: 30 }, () => random());
  const chosen = drawn.filter((danger) => allowed.includes(danger));
  const has = (danger: Danger): boolean => chosen.includes(danger);
  const share = (danger: Danger, index: number): number => (has(danger) ? (shares[index] ?? 0) * 0.4 : 0);
  const some = (danger: Danger, first: number, most: number): readonly number[] => (has(danger) ? times.slice(first, first + 1 + Math.floor((choices[first] ?? 0) * most)) : []);
  const pick = <One>(list: readonly One[], index: number): One | undefined => list[Math.floor((choices[index] ?? 0) * list.length)];
  const faults: WorldFaults = {
    deathsMs: some('deaths', 0, 5),
    failingSpawns: share('failing spawns', 0),
    slowSpawns: share('slow spawns', 1),
    lateExits: share('late exits', 2),
    lostExits: share('lost exits', 3),
    jumps: some('jumps', 5, 2).map((atMs, index) => ({ atMs, byMs: (choices[5 + index] ?? 0) ** 4 * hourMs })),
    fullDisk: some('full disk', 8, 2).map((fromMs, index) => ({ fromMs, untilMs: fromMs + (times[10 + index] ?? 0) })),
  };
  const signals = some('signals', 12, 8).map((atMs, index) => ({ atMs, signal: pick(endingSignals, 12 + index) ?? 'SIGINT' }));
  const calls = some('operator', 22, 5).map((atMs, index) => ({ atMs, event: operatorCall(index + 1, pick(stopMethods, 20 + index), pick(processes, 25 + index)) }));
  return { seed, dangers: chosen, options: { seed, faults, calls, signals: [...signals, ...lastSignals] } };
}

/** Whoever never ends by himself is ended by these: every run comes to its end. */
const lastSignals = [
  { atMs: 2 * spanMs, signal: 'SIGINT' },
  { atMs: 2 * spanMs + 1000, signal: 'SIGTERM' },
] as const;

function operatorCall(id: number, method = 'process.start', name = 'a'): Extract<EngineEvent, { type: 'call' }> {
  const call = parseCall(method, { name });
  if (!call.ok || !isEngineCall(call.value)) throw new Error(`the engine is not asked \`${method}\``);
  return { type: 'call', id, caller: { instance: operator, holder: '' }, call: call.value, progress: 0 };
}
