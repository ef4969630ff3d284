import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge } from '../../../src/verify/judge.ts';
import { assertUntil } from '../../rig/assert-until.ts';
import { runVirtually } from '../../rig/virtual-world.ts';
import { planOrNull } from '../engine/run-spec.ts';
import { isKeys, type Keys, readAtTheLast, startedToTheLast, stoppedToTheLast } from './lockable-spec.ts';

const schedulesOfEach = 3;

/** One of three processes as a daemon, which is still there when the others were stopped. */
function withDaemon(spec: Keys): Keys {
  const { processes } = spec;
  if (!isKeys(processes) || processes['c'] === undefined) return spec;
  const { c, ...others } = processes;
  return { ...spec, processes: others, daemons: { c } };
}

/** One of three processes goes on for ever, or daemons alone do, until they are stopped. */
function endless(spec: Keys, isOne: boolean): Keys {
  const { processes } = spec;
  if (!isKeys(processes)) return spec;
  const { idle, later, ...main } = processes;
  const { c, ...others } = main;
  if (!isOne) return { ...spec, processes: { ...(idle === undefined ? {} : { idle }), ...(later === undefined ? {} : { later }) }, daemons: main };
  return isKeys(c) ? { ...spec, processes: { ...others, ...(idle === undefined ? {} : { idle }), ...(later === undefined ? {} : { later }), c: { ...c, restart: 'always', backoff: { initial: '1ms', max: '1ms' } } } } : spec;
}

const endlessSpec = fc
  .tuple(fc.oneof({ weight: 2, arbitrary: stoppedToTheLast }, { weight: 2, arbitrary: startedToTheLast }, { weight: 1, arbitrary: readAtTheLast }), fc.boolean(), fc.constantFrom('1ms', '8ms', '30ms', '90ms'))
  .map(([spec, isOne, timeout]): Keys => ({ ...endless(spec, isOne), timeout }));

const stoppedSpec = fc
  .tuple(fc.oneof({ weight: 2, arbitrary: stoppedToTheLast }, { weight: 2, arbitrary: startedToTheLast }, { weight: 1, arbitrary: readAtTheLast }), fc.boolean(), fc.constantFrom('1ms', '8ms', '30ms', '90ms', '10m'))
  .map(([spec, hasDaemon, timeout]): Keys => ({ ...(hasDaemon ? withDaemon(spec) : spec), timeout }));

it.each([
  ['a run that is stopped at any time', stoppedSpec, true],
  ['a run that never ends by itself', endlessSpec, false],
] as const)('nobody waits for ever in %s, where a proof leaves nothing out', (_kind, specs, hasOrders) => {
  const proofs = { order: 0, search: 0 };
  assertUntil(
    fc.property(specs, fc.nat(), (spec, seed) => {
      const plan = planOrNull(spec);
      fc.pre(plan !== null);
      const { verdict, assumptions } = judge(plan, { maxStates: 20_000, mayGoOn: () => true });
      const isWhole = verdict.type === 'proved' && !assumptions.some(({ kind }) => kind === 'left_out');
      fc.pre(isWhole);
      proofs[verdict.by] += 1;
      const deadlocks = Array.from({ length: schedulesOfEach }, (_, index) => runVirtually(plan, index === 0 ? {} : { seed: seed + index }).events.filter(({ type }) => type === 'run.deadlock'));
      expect(deadlocks).toEqual(deadlocks.map(() => []));
    }),
    { numRuns: 60, maxSkipsPerRun: 100 },
    { count: () => (hasOrders ? Math.min(proofs.search, proofs.order) : proofs.search), moreThan: 0 },
  );
});
