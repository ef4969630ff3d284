import type { Plan } from '../plan.ts';
import { planView } from './plan-view.ts';
import type { PlanView, WorkView } from './plan-view.ts';
import type { SharedThing } from './shared-things.ts';

/** The plan as a drawing: what Mermaid and DOT have in common. */
export interface PlanGraph {
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** One box; its id is made of letters and digits only, whatever the name. */
export interface GraphNode {
  readonly id: string;
  readonly kind: WorkView['kind'] | SharedThing['kind'];
  /** Lines of the label. */
  readonly label: readonly string[];
}

/** One arrow, in the direction in which time, permits or items go. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Start order is drawn solid, sharing dashed. */
  readonly type: 'order' | 'share';
}

/** Draws each process or pool and each primitive once. */
export function planGraph(plan: Plan): PlanGraph {
  const view = planView(plan);
  const works = mergedWorks(view);
  const idOf = new Map<string, string>();
  const nodes: GraphNode[] = works.map((work, index) => {
    const id = `w${index}`;
    idOf.set(work.process, id);
    for (const instance of work.instances) idOf.set(instance, id);
    return {
      id,
      kind: work.kind,
      label: [
        work.instances.length > 1 ? `${work.process} ×${work.instances.length}` : work.label,
        ...(work.workers === null ? [] : [`pool of ${work.workers}`]),
      ],
    };
  });
  const edges = new Map<string, GraphEdge>();
  const connect = (edge: GraphEdge): void => {
    edges.set(JSON.stringify(edge), edge);
  };
  for (const work of works) {
    const to = idOf.get(work.process);
    for (const { name, moment } of work.dependsOn) {
      const from = idOf.get(name);
      if (from !== undefined && to !== undefined)
        connect({ from, to, label: moment, type: 'order' });
    }
  }
  for (const [index, thing] of view.shared.entries()) {
    const id = `s${index}`;
    nodes.push({
      id,
      kind: thing.kind,
      label: [thing.name, ...(thing.details === '' ? [] : [thing.details])],
    });
    for (const { who, does } of thing.users) {
      const user = idOf.get(who);
      if (user === undefined) continue;
      for (const word of does) connect(sharing(user, id, word));
    }
  }
  return { title: plan.name, nodes, edges: [...edges.values()] };
}

const fromThing = new Set(['gets', 'waits', 'receives', 'reads', 'loads']);

function sharing(user: string, thing: string, word: string): GraphEdge {
  return fromThing.has(word)
    ? { from: thing, to: user, label: word, type: 'share' }
    : { from: user, to: thing, label: word, type: 'share' };
}

/** In a drawing a process is one box, whatever its instances have of their own. */
function mergedWorks(view: PlanView): readonly WorkView[] {
  const merged = new Map<string, WorkView>();
  for (const work of [...view.start, ...view.finally].flat()) {
    const known = merged.get(work.process);
    merged.set(
      work.process,
      known === undefined
        ? work
        : {
            ...known,
            instances: [...known.instances, ...work.instances],
            dependsOn: [...known.dependsOn, ...work.dependsOn],
          },
    );
  }
  return [...merged.values()];
}
