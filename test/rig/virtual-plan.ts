import { err, ok } from '../../src/base/result.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { loadSpec } from '../../src/spec/load-spec.ts';
import type { SpecHost } from '../../src/spec/loaded-spec.ts';

/** A machine without a disk: the spec is its one file. */
export function hostOf(text: string): SpecHost {
  return {
    environment: {},
    currentFolder: '/project',
    cpuCount: 2,
    readFile: (path) =>
      path === '/project/mpctl.yaml' ? ok(new TextEncoder().encode(text)) : err({ reason: 'missing', message: '' }),
    readStandardInput: () => err({ reason: 'missing', message: '' }),
  };
}

function sentence({ code, message, hint }: Diagnostic): string {
  return `${code}: ${message}${hint === null ? '' : ` (${hint})`}`;
}

/** The plan of a spec that is given as text; throws with every finding where it is refused. */
export function planOf(text: string): Plan {
  const host = hostOf(text);
  const { loaded, diagnostics } = loadSpec('mpctl.yaml', host);
  if (loaded === null) throw new Error(diagnostics.map(sentence).join('\n'));
  const built = buildPlan(loaded, host);
  if (built.plan === null) throw new Error(built.diagnostics.map(sentence).join('\n'));
  return built.plan;
}
