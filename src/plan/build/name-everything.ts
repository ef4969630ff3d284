import type { Place } from '../../base/place.ts';
import { positiveCount } from '../../spec/schema/leaves.ts';
import type { MatrixSpec } from '../../spec/schema/matrix.ts';
import type { PoolSpec } from '../../spec/schema/pool.ts';
import type { ProcessSpec } from '../../spec/schema/process.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import { expandMatrix } from '../expand-matrix.ts';
import { isTooMany, mostInstances } from './size-limits.ts';
import type { MatrixCombination } from '../expand-matrix.ts';
import { nameInstances } from '../name-instances.ts';
import type { NamedInstance } from '../name-instances.ts';
import { checkNameLengths } from './check-name-lengths.ts';
import type { BuildContext } from './build-context.ts';
import type { FillPlace } from './fill-place.ts';
import { fillLeaf, fillLoadText } from './fill-value.ts';
import { eitherLeaf, schemaLeaf, wordLeaf } from './leaf.ts';
import type { NamedKind, NamedThing } from './name-table.ts';

/** The sections that define processes, in the order in which their instances stand in the plan. */
export const processSections = [
  ['processes', 'process'],
  ['daemons', 'daemon'],
  ['finally', 'finally'],
] as const;

const primitiveKinds = [
  ['locks', 'lock'],
  ['semaphores', 'semaphore'],
  ['events', 'event'],
  ['conditions', 'condition'],
  ['barriers', 'barrier'],
  ['queues', 'queue'],
  ['pipes', 'pipe'],
  ['values', 'value'],
] as const;

/** What the names of a spec amount to, beside the table of names. */
export interface SpecInstances {
  /** Of each process, by its name. */
  readonly instances: ReadonlyMap<string, readonly NamedInstance[]>;
  /** Slots of each pool, by its name. */
  readonly workers: ReadonlyMap<string, number>;
}

/** What says how many instances a process has. */
const countKeys = ['replicas', 'matrix'] as const;

const countLeaf = schemaLeaf(positiveCount);
const workersLeaf = eitherLeaf(countLeaf, wordLeaf('cpus'));

/**
 * Fills the table of names: everything the spec defines, then every instance and every slot of a
 * pool, whose clashes are reported. Clashes of written names are the loader's. What could not be read
 * has its name all the same.
 */
export function nameEverything(at: FillPlace): SpecInstances {
  const { spec } = at.context.loaded;
  const { names } = at.context;
  for (const [section, kind] of primitiveKinds) {
    for (const name of Object.keys(spec[section]))
      names.add({ name, kind, place: [section, name], instances: [], isCounted: true });
  }
  const workers = new Map<string, number>();
  for (const [name, pool] of Object.entries(spec.pools)) {
    names.add({ name, kind: 'pool', place: ['pools', name], instances: [], isCounted: true });
    workers.set(name, workersOf(at.below('pools').below(name).below('workers'), pool));
  }
  const instances = new Map<string, readonly NamedInstance[]>();
  for (const [section, kind] of processSections) {
    const sectionPlace = at.below(section);
    for (const [name, process] of Object.entries(spec[section])) {
      const place = sectionPlace.below(name);
      const named = instancesOf(place, name, process);
      instances.set(name, named);
      names.add({
        name,
        kind,
        place: place.place,
        instances: named.map((instance) => instance.name),
        isCounted: !countKeys.some((key) => at.context.gaps.mayLack(place.place, key)),
      });
    }
  }
  for (const [section, kind] of processSections) {
    for (const name of Object.keys(spec[section]))
      addInstances(at.below(section).below(name), name, kind, instances.get(name) ?? []);
  }
  for (const [pool, count] of workers) checkSlots(at.below('pools').below(pool), pool, count);
  checkNameLengths(at, instances, workers);
  addUnread(at.context);
  at.context.finishNaming();
  return { instances, workers };
}

/** Names of which nothing else could be read. */
function addUnread({ gaps, names }: BuildContext): void {
  if (gaps.isEmpty) return;
  for (const [section, kind] of [...primitiveKinds, ...processSections, ['pools', 'pool'] as const]) {
    const isProcess = processSections.some(([each]) => each === section);
    for (const name of gaps.unreadNames(section))
      names.add({ name, kind, place: [section, name], instances: isProcess ? [name] : [], isCounted: !isProcess });
  }
}

function workersOf(at: FillPlace, pool: PoolSpec): number {
  const workers = fillLeaf(at, pool.workers, workersLeaf, 1);
  if (workers === 'cpus') return at.context.host.cpuCount;
  return isTooMany(at, workers, mostInstances, 'workers of one pool', 'write `workers: cpus`') ? 1 : workers;
}

function instancesOf(at: FillPlace, name: string, process: ProcessSpec): readonly NamedInstance[] {
  const replicas =
    process.replicas === undefined
      ? null
      : fillLeaf(at.below('replicas'), process.replicas, countLeaf, 1);
  const count = (replicas ?? 1) * (process.matrix === undefined ? 1 : combinationsOf(process.matrix));
  const cause = at.below(process.matrix === undefined ? 'replicas' : 'matrix');
  if (isTooMany(cause, count, mostInstances, 'instances of one process', 'let a pool do as many tasks with a few workers')) {
    return nameInstances(name, null, null);
  }
  const combinations =
    process.matrix === undefined ? null : fillMatrix(at.below('matrix'), process.matrix);
  // Without a combination that could be read it is still a process.
  const isLost = combinations?.length === 0 && at.context.gaps.isIn(at.below('matrix').place);
  return nameInstances(name, replicas, isLost ? null : combinations);
}

/** How many combinations the axes of a matrix make, before `include` and `exclude`. */
export function combinationsOf({ include: _include, exclude: _exclude, ...axes }: MatrixSpec): number {
  return Object.values(axes).reduce((product, values) => product * values.length, 1);
}

/** The combinations of a matrix with its texts filled in. */
export function fillMatrix(at: FillPlace, spec: MatrixSpec): readonly MatrixCombination[] {
  const { include, exclude, ...axes } = spec;
  const fillAll = (key: string, list: readonly Record<string, string>[]): MatrixCombination[] =>
    list.map((combination, index) =>
      Object.fromEntries(
        Object.entries(combination).map(([name, value]) => [
          name,
          fillLoadText(at.below(key).below(index).below(name), value),
        ]),
      ),
    );
  reportStrangeExclusions(at, Object.keys(axes), exclude);
  return expandMatrix({
    axes: Object.entries(axes).map(([key, values]) => [
      key,
      values.map((value, index) => fillLoadText(at.below(key).below(index), value)),
    ]),
    include: fillAll('include', include),
    exclude: fillAll('exclude', exclude),
  });
}

/** A combination with a key that no axis has excludes nothing, and whoever wrote it wanted it to. */
function reportStrangeExclusions(at: FillPlace, axes: readonly string[], exclude: MatrixSpec['exclude']): void {
  if (at.context.gaps.isIn(at.place)) return;
  for (const [index, exclusion] of exclude.entries()) {
    for (const key of Object.keys(exclusion)) {
      if (axes.includes(key)) continue;
      at.context.report('MP105', { place: at.below('exclude').below(index).below(key).place, part: 'key' }, `the matrix has no key \`${key}\`, so that this excludes nothing`, { hint: axisHint(key, axes) });
    }
  }
}

function axisHint(key: string, axes: readonly string[]): string {
  const meant = didYouMean(key, axes);
  if (meant !== null) return `did you mean \`${meant}\`?`;
  const others = axes.length === 0 ? '' : `exclude by ${axes.map((axis) => `\`${axis}\``).join(', ')}, or `;
  return `${others}add \`${key}: [VALUE, VALUE]\` beside \`exclude\``;
}

function addInstances(
  at: FillPlace,
  process: string,
  kind: NamedKind,
  named: readonly NamedInstance[],
): void {
  const own = named.filter(({ name }) => name !== process);
  if (own.length === 0) return;
  const { context, place } = at;
  for (const { name } of own) {
    const other = context.names.add({ name, kind, place, instances: [name], isCounted: true });
    if (other !== null) reportClash(context, place, name, other);
  }
}

function checkSlots(at: FillPlace, pool: string, count: number): void {
  for (let slot = 1; slot <= count; slot += 1) {
    const other = at.context.names.clashWith(`${pool}-${slot}`);
    if (other !== undefined) reportClash(at.context, at.place, `${pool}-${slot}`, other);
  }
}

function reportClash(
  context: BuildContext,
  place: Place,
  name: string,
  other: NamedThing,
): void {
  const own = String(place.at(-1));
  const isOwn = other.place === place;
  context.report(
    'MP124',
    { place, part: 'key' },
    isOwn
      ? `two instances of \`${own}\` would be called \`${name}\`${other.name === name ? '' : ` and \`${other.name}\``}`
      : `an instance of \`${own}\` would be called \`${name}\`, which ${other.name === name ? 'is taken' : `clashes with \`${other.name}\``}`,
    {
      related: isOwn
        ? []
        : [
            {
              message: `\`${other.name}\` is defined here`,
              range: context.loaded.locate(other.place, 'key'),
            },
          ],
      hint: isOwn
        ? 'make the values of the matrix differ in letters, digits, `.` or `_`'
        : `rename \`${own}\` or \`${other.name}\``,
    },
  );
}
