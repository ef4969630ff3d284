import type { Plan } from '../plan.ts';
import { renderDot } from './render-dot.ts';

/**
 * The plan as a drawing that every browser shows. Graphviz is loaded only here and only now: it is a
 * megabyte of WebAssembly that no other command needs.
 */
export async function renderSvg(plan: Plan): Promise<string> {
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  return viz.renderString(renderDot(plan), { format: 'svg' });
}
