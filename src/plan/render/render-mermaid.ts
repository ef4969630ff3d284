import type { Plan } from '../plan.ts';
import { planGraph } from './plan-graph.ts';
import type { GraphNode } from './plan-graph.ts';

/** Mermaid's brackets around a label, by what is drawn. */
const brackets: Readonly<Record<GraphNode['kind'], readonly [open: string, close: string]>> = {
  process: ['[', ']'],
  finally: ['[', ']'],
  daemon: ['([', '])'],
  pool: ['[[', ']]'],
  lock: ['{{', '}}'],
  semaphore: ['{{', '}}'],
  event: ['((', '))'],
  condition: ['{{', '}}'],
  barrier: ['{', '}'],
  queue: ['[(', ')]'],
  pipe: ['[/', '/]'],
  value: ['>', ']'],
};

/** The plan as a Mermaid flowchart, for READMEs; ends with a line break. */
export function renderMermaid(plan: Plan): string {
  const graph = planGraph(plan);
  const nodes = graph.nodes.map(({ id, kind, label }) => {
    const [open, close] = brackets[kind];
    return `  ${id}${open}"${label.map(escape).join('<br/>')}"${close}`;
  });
  const edges = graph.edges.map(({ from, to, label, type }) => {
    const arrow = type === 'order' ? '-->' : '-.->';
    return `  ${from} ${arrow}|"${escape(label)}"| ${to}`;
  });
  return `${['flowchart LR', ...nodes, ...edges].join('\n')}\n`;
}

/** Mermaid's entities; what they do not name would end the label or begin markup. */
function escape(text: string): string {
  return text.replaceAll(
    /["#&;<>`\\[\]{}()|\n\r]/g,
    (character) => `#${character.codePointAt(0) ?? 32};`,
  );
}
