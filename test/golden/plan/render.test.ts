import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDot } from '../../../src/plan/render/render-dot.ts';
import { renderMermaid } from '../../../src/plan/render/render-mermaid.ts';
import { renderPlanJson } from '../../../src/plan/render/render-plan-json.ts';
import { renderPlanText } from '../../../src/plan/render/render-plan-text.ts';
import { renderSvg } from '../../../src/plan/render/render-svg.ts';
import { expectGolden } from '../../rig/golden-file.ts';
import { svgOutline } from '../../rig/svg-outline.ts';
import { validPlan } from '../../rig/plan-of-text.ts';

const folder = import.meta.dirname;

describe.each(['nightly', 'awkward-names', 'one-process'])('%s', (name) => {
  const plan = validPlan(readFileSync(path.join(folder, name, 'mpctl.yaml'), 'utf8'));

  it.each([
    ['plan.txt', renderPlanText],
    ['plan.json', renderPlanJson],
    ['plan.mmd', renderMermaid],
    ['plan.dot', renderDot],
  ])('%s', (file, render) => {
    expectGolden(path.join(folder, name, file), render(plan));
  });

  it('text fits into 100 columns', () => {
    const widest = renderPlanText(plan)
      .split('\n')
      .reduce((width, line) => Math.max(width, line.length), 0);
    expect(widest).toBeLessThanOrEqual(100);
  });

  it('is drawn by Graphviz: the same nodes, edges, shapes and texts, wherever it puts them', async () => {
    const svg = await renderSvg(plan);
    expect(svg).toMatch(/^<\?xml [^]*<svg [^]*<\/svg>\s*$/u);
    expectGolden(path.join(folder, name, 'plan.svg.txt'), svgOutline(svg));
  });
});
