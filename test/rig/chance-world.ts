import type { Plan } from '../../src/plan/plan.ts';
import { RandomOrder } from '../../src/schedule/random-order.ts';
import type { StandIn } from '../../src/schedule/stand-ins.ts';
import { Draw } from './draw.ts';
import { randomFrom } from './virtual-random.ts';
import type { WorldOptions } from './world-options.ts';

/**
 * A world in which whatever may go wrong does by chance: programs that cannot be started, or die, files that take no line, and any number of
 * items in files. In one of four runs its primitives are asked in a random order instead. Programs of `lasting` do not end by themselves. Equal for
 * equal seeds.
 */
export function chanceWorld(plan: Plan, seed: number, lasting: ReadonlySet<string> = new Set()): WorldOptions {
  const draw = new Draw(randomFrom(seed));
  const unwritable = Object.fromEntries(draw.some(filesOf(plan), 0.4).map((file) => [file, draw.oneOf(['closed', 'full'] as const)]));
  const sources = Object.fromEntries(plan.pools.map(({ name }) => [name, Array.from({ length: draw.below(3) }, () => 'any')]));
  if (draw.chance(0.25)) {
    const share = draw.oneOf([0, 0.3, 0.8]);
    const endOf = (): StandIn['end'] => (draw.chance(share) ? 'fails' : 'succeeds');
    const standInOf = (instance: string): StandIn => ({ deeds: [], end: lasting.has(instance) ? 'never' : endOf() });
    return { unwritable, sources, inOrder: { order: new RandomOrder(seed), endless: new Set(), standInOf } };
  }
  const faults = { deathsMs: lasting.size > 0 ? [] : draw.some([2, 6, 12], 0.2), failingSpawns: lasting.size > 0 ? 0 : 0.05, slowSpawns: 0, lateExits: 0, lostExits: 0, jumps: [], fullDisk: [] };
  return { unwritable, sources, seed, lasting, ...(draw.chance(0.3) ? { faults } : {}) };
}

function filesOf({ instances, pools }: Plan): readonly string[] {
  const streams = [...instances, ...pools].flatMap(({ stdout, stderr }) => [stdout, stderr].flatMap((stream) => (stream.type === 'file' ? [stream.file] : [])));
  const ofPools = pools.flatMap(({ results, joblog }) => [...(results.type === 'file' ? [results.file] : []), ...(joblog === null ? [] : [joblog])]);
  return [...streams, ...ofPools].filter((file) => typeof file === 'string');
}
