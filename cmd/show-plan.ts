import { unreachable } from '../src/base/invariant.ts';
import type { Plan } from '../src/plan/plan.ts';
import { renderDot } from '../src/plan/render/render-dot.ts';
import { renderMermaid } from '../src/plan/render/render-mermaid.ts';
import { renderPlanJson } from '../src/plan/render/render-plan-json.ts';
import { renderPlanText } from '../src/plan/render/render-plan-text.ts';
import { defaultColumns, type CommandContext } from './context.ts';
import { exitWith, type Exit } from './exit.ts';
import type { PlanFormat } from './output-format.ts';
import { preparePlan } from './prepare-plan.ts';
import { specExitCode } from './spec-exit-code.ts';

/** Writes what a spec would run to standard output, and what is wrong with it, notes aside, to standard error. */
export async function showPlan(context: CommandContext, spec: string | undefined, format: PlanFormat): Promise<Exit> {
  const { plan, diagnostics } = preparePlan(context.host, spec);
  context.printDiagnostics(diagnostics.filter(({ severity }) => severity !== 'note'));
  const exitCode = specExitCode(diagnostics, false);
  if (plan !== null && exitCode === 0) await printPlan(context, plan, format);
  return exitWith(exitCode);
}

/** Writes what a plan would run to standard output. */
export async function printPlan({ host: { stdout } }: CommandContext, plan: Plan, format: PlanFormat): Promise<void> {
  stdout.write(withFinalBreak(await render(plan, format, stdout.columns ?? defaultColumns)));
}

async function render(plan: Plan, format: PlanFormat, width: number): Promise<string> {
  switch (format) {
    case 'text':
      return renderPlanText(plan, width);
    case 'json':
      return renderPlanJson(plan);
    case 'mermaid':
      return renderMermaid(plan);
    case 'dot':
      return renderDot(plan);
    case 'svg': {
      const { renderSvg } = await import('../src/plan/render/render-svg.ts');
      return renderSvg(plan);
    }
    default:
      return unreachable(format);
  }
}

function withFinalBreak(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
