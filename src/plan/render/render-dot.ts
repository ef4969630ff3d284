import type { Plan } from '../plan.ts';
import { planGraph } from './plan-graph.ts';
import type { GraphNode } from './plan-graph.ts';

/** Graphviz's shape, by what is drawn. */
const shapes: Readonly<Record<GraphNode['kind'], string>> = {
  process: 'box',
  finally: 'box',
  daemon: 'box',
  pool: 'box3d',
  lock: 'octagon',
  semaphore: 'octagon',
  event: 'circle',
  condition: 'octagon',
  barrier: 'diamond',
  queue: 'cylinder',
  pipe: 'cds',
  value: 'note',
};

/** Graphviz's style of what differs from a process by more than its shape. */
const styles: ReadonlyMap<GraphNode['kind'], string> = new Map([
  ['daemon', 'rounded'],
  ['finally', 'dashed'],
]);

/** The plan in the language of Graphviz; ends with a line break. */
export function renderDot(plan: Plan): string {
  const graph = planGraph(plan);
  const nodes = graph.nodes.map(({ id, kind, label }) => {
    const style = styles.get(kind);
    const styled = style === undefined ? '' : `, style=${style}`;
    return `  ${id} [label=${labelText(label.join('\n'))}, shape=${shapes[kind]}${styled}];`;
  });
  const edges = graph.edges.map(({ from, to, label, type }) => {
    const dashed = type === 'share' ? ', style=dashed' : '';
    return `  ${from} -> ${to} [label=${labelText(label)}${dashed}];`;
  });
  return `${[
    `digraph ${quoted(graph.title)} {`,
    '  rankdir=LR;',
    '  node [fontname="Helvetica", fontsize=11];',
    '  edge [fontname="Helvetica", fontsize=9];',
    ...nodes,
    ...edges,
    '}',
  ].join('\n')}\n`;
}

/** Graphviz reads entities in labels, so that `&amp;` would become `&`. */
function labelText(text: string): string {
  return quoted(text.replaceAll('&', '&amp;'));
}

function quoted(text: string): string {
  const escaped = text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll(/\r?\n/g, String.raw`\n`);
  return `"${escaped}"`;
}
