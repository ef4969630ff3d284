import type { DependsOnSpec } from '../../spec/schema/work.ts';
import type { Dependency, Moment } from '../plan.ts';
import type { FillPlace } from './fill-place.ts';
import { fillLeaf, fillOptionalDuration } from './fill-value.ts';
import { wordLeaf } from './leaf.ts';
import type { NamedThing } from './name-table.ts';
import { resolveReference } from './resolve-reference.ts';

const momentLeaf = wordLeaf('start', 'ready', 'success', 'failure', 'exit');

type Details = Exclude<Exclude<DependsOnSpec, readonly unknown[]>[string], null>;

/**
 * What is waited for before the start. Without a condition it is `ready` for a daemon and for what
 * has a readiness probe, and `success` for everything else.
 */
export function buildDependencies(
  at: FillPlace,
  spec: DependsOnSpec | undefined,
  probed: ReadonlySet<string>,
): readonly Dependency[] {
  if (spec === undefined) return [];
  if (isList(spec)) {
    return spec.flatMap((raw, index) => {
      const place = at.below(index);
      const thing = resolveReference(place, raw, { takes: 'works', where: '`depends_on`' });
      return thing === null ? [] : [buildDependency(place, thing, {}, probed)];
    });
  }
  return Object.entries(spec).flatMap(([name, details]) => {
    const place = at.below(name);
    const thing = resolveReference(place, name, { takes: 'works', where: '`depends_on`', part: 'key' });
    return thing === null ? [] : [buildDependency(place, thing, details ?? {}, probed)];
  });
}

function isList(spec: DependsOnSpec): spec is Extract<DependsOnSpec, readonly unknown[]> {
  return Array.isArray(spec);
}

function buildDependency(
  at: FillPlace,
  thing: NamedThing,
  details: Details,
  probed: ReadonlySet<string>,
): Dependency {
  const { gaps } = at.context;
  const written = details.condition;
  const dependency: Dependency = {
    name: thing.name,
    target:
      thing.kind === 'pool' ? { type: 'pool' } : { type: 'instances', instances: thing.instances },
    moment:
      written === undefined
        ? defaultMoment(thing, probed)
        : fillLeaf(at.below('condition'), written, momentLeaf, 'exit'),
    timeoutMs: fillOptionalDuration(at.below('timeout'), details.timeout),
    place: at.place,
  };
  if (written === undefined) at.context.defaultConditions.add(dependency);
  // Whether it has a probe decides what is waited for.
  if (!gaps.isEmpty && written === undefined && gaps.mayLack(thing.place, 'readiness_probe')) gaps.add(at.below('condition').place);
  return dependency;
}

function defaultMoment(thing: NamedThing, probed: ReadonlySet<string>): Moment {
  const process = String(thing.place.at(-1));
  return thing.kind === 'daemon' || probed.has(process) ? 'ready' : 'success';
}
