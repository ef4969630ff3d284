import { present } from '../../base/invariant.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { comparePlaces } from '../../diagnostics/bag.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { SourceRange } from '../../diagnostics/source.ts';
import { dependencyGraph } from '../dependency-graph.ts';
import type { DependencyGraph } from '../dependency-graph.ts';
import type { Dependency } from '../plan.ts';
import { strongComponents } from '../strong-components.ts';
import { heaviest, isDaemon, weightOfWait, type Weight } from './how-sure.ts';
import { isNeverStarted } from './is-never-started.ts';
import { isOwnDependency } from './is-own-dependency.ts';
import { locateDependency } from './locate-dependency.ts';
import type { RuleInput } from './rule.ts';
import { stoppedBySteps } from './stopped-by-steps.ts';

/** One wait on the way around. */
interface Hop {
  /** Who waits, as the reader knows it. */
  readonly waiter: string;
  readonly dependency: Dependency;
}

/** The way around, from the wait that it is shown at. */
interface Cycle {
  readonly hops: readonly Hop[];
  readonly start: Hop;
  readonly range: SourceRange;
}

/** So many names are printed of a long cycle; the rest are counted. */
const namesShown = 12;

/**
 * MP202: processes that wait for each other in a circle never start, unless one of them is over without a start. Each
 * strongly connected component is reported once, by its smallest cycle; a shorter one stands before a
 * longer one, and those of one length as in the file. Linear in the plan, but for the square of a
 * component of some hundred members.
 */
export function dependencyCycle(input: RuleInput): readonly Diagnostic[] {
  const graph = dependencyGraph(input.plan);
  const edges = graph.nodes.map((node) =>
    node.edges.filter((edge) => {
      const { work } = node;
      return edge.dependency === null || work === null || !isOwnDependency(work, edge.dependency);
    }),
  );
  const cycles = strongComponents(edges.map((list) => list.map((edge) => edge.to)))
    .filter((component) => component.length > 1)
    .map((component): Cycle => {
      const hops = smallestCycle(input, graph, component);
      const start = present(hops[0], 'a cycle has at least one wait');
      return { hops, start, range: locateDependency(input.locate, start.dependency) };
    });
  const [first] = cycles.map(({ range }) => range).toSorted(comparePlaces);
  return first === undefined ? [] : cycles.map((cycle) => report(input, cycle, first));
}

/** From each of more members than this the way around would take too long; then only from the first. */
const searchedFromEach = 500;

/** A smallest cycle among these nodes; of several the one that begins first in the file. */
function smallestCycle(
  input: RuleInput,
  graph: DependencyGraph,
  component: readonly number[],
): readonly Hop[] {
  const position = (index: number): number => {
    const work = graph.nodes[index]?.work;
    return work === null || work === undefined
      ? Number.POSITIVE_INFINITY
      : input.locate(work.place, 'key').start;
  };
  const members = new Set(component);
  const inOrder = component
    .map((index) => ({ index, start: position(index) }))
    .toSorted((left, right) => compare(left.start, right.start) || left.index - right.index);
  const starts = inOrder.slice(0, component.length > searchedFromEach ? 1 : undefined);
  const cycles = starts.map(({ index }) => cycleThrough(graph, members, index));
  return cycles.reduce((best, cycle) => (cycle.length < best.length ? cycle : best));
}

/** Infinite positions are equal, and their difference is no number. */
function compare(left: number, right: number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** A shortest way around through one of the members. */
function cycleThrough(
  graph: DependencyGraph,
  members: ReadonlySet<number>,
  first: number,
): readonly Hop[] {
  const cameFrom = new Map<
    number,
    { readonly from: number; readonly dependency: Dependency | null }
  >();
  const queue = [first];
  for (const node of queue) {
    if (cameFrom.has(first)) break;
    for (const edge of present(graph.nodes[node], 'a member of a component is a node').edges) {
      if (!members.has(edge.to) || cameFrom.has(edge.to)) continue;
      cameFrom.set(edge.to, { from: node, dependency: edge.dependency });
      queue.push(edge.to);
    }
  }
  const hops: Hop[] = [];
  let node = first;
  do {
    const step = present(cameFrom.get(node), 'a strongly connected component has a way back');
    if (step.dependency !== null)
      hops.push({ waiter: waiterName(graph, step.from), dependency: step.dependency });
    node = step.from;
  } while (node !== first);
  return hops.toReversed();
}

function waiterName(graph: DependencyGraph, index: number): string {
  const work = graph.nodes[index]?.work;
  if (work !== null && work !== undefined && 'process' in work) return work.process;
  return graph.nodes[index]?.name ?? '';
}

/**
 * How sure it is that none of them starts: the steps of another one may end the run, or one of them, and then whoever waits for its success
 * is skipped without a failure. Or one of them may be over without a start, by the time or the failure of another wait, and so the wait of
 * another one for its end come true. Where all of them are daemons, the run ends beside them. Null where nothing breaks the circle.
 */
function howBroken(input: RuleInput, hops: readonly Hop[]): Weight | null {
  const waiters = new Set(hops.map(({ waiter }) => waiter));
  const members = input.works.filter((work) => waiters.has('process' in work ? work.process : work.name));
  const ended = members.find((work) => input.isEndedByOthers(work));
  if (ended !== undefined) return weightOfWait(input, ended);
  // Whoever waits for what nobody starts is skipped at once.
  if (mayBeBroken(input, hops, members) || members.some(({ name }) => isNeverStarted(input, name))) return { severity: 'warning', certainty: 'possible' };
  return members.every(isDaemon) ? heaviest(members.map((work) => weightOfWait(input, work))) ?? null : null;
}

function mayBeBroken(input: RuleInput, hops: readonly Hop[], members: RuleInput['works']): boolean {
  if (!hops.some(({ dependency: { moment } }) => moment === 'exit' || moment === 'failure')) return false;
  const stopped = stoppedBySteps(input);
  return members.some((work) => {
    const waits = [...work.dependsOn, ...work.waitFor];
    return stopped.has(work.name) || waits.length > 1 || waits.some(({ timeoutMs }) => timeoutMs !== null);
  });
}

function report(input: RuleInput, { hops, start, range }: Cycle, first: SourceRange): Diagnostic {
  const broken = howBroken(input, hops);
  const names = hops.map((hop) => `\`${hop.waiter}\``);
  const shown =
    names.length <= namesShown
      ? names
      : [...names.slice(0, namesShown - 1), `… ${names.length - namesShown + 1} more …`];
  const around = [...shown, `\`${start.waiter}\``].join(' → ');
  return makeDiagnostic(
    'MP202',
    `${around} wait for each other in a circle, so none of them can start${broken?.certainty === undefined ? '' : ' before one is skipped, fails or is ended'}`,
    {
      ...broken,
      range,
      series: { range: first, rank: hops.length },
      related: hops.slice(1).map((hop) => ({
        message: `\`${hop.waiter}\` waits for the ${hop.dependency.moment} of \`${hop.dependency.name}\``,
        range: locateDependency(input.locate, hop.dependency),
      })),
      hint: `remove one of these waits, for example \`${start.dependency.name}\` from \`depends_on\` of \`${start.waiter}\``,
    },
  );
}
