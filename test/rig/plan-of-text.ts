import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { present } from '../../src/base/invariant.ts';
import { err, ok } from '../../src/base/result.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { PlanOverrides } from '../../src/plan/build/plan-overrides.ts';
import type { InstancePlan, Plan, PoolPlan } from '../../src/plan/plan.ts';
import { loadSpec } from '../../src/spec/load-spec.ts';
import type { SpecHost } from '../../src/spec/loaded-spec.ts';

/** What surrounds a spec in a test. */
export interface Surroundings {
  /** Files beside `/project/mpctl.yaml`, by their name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly overrides?: PlanOverrides;
}

/** A plan or null, and every finding of loading and planning. */
export interface PlannedText {
  readonly plan: Plan | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads and plans a spec that stands in `/project/mpctl.yaml` on a machine with 4 processors. */
export function planText(text: string, around: Surroundings = {}): PlannedText {
  const files: Readonly<Record<string, string>> = { ...around.files, 'mpctl.yaml': text };
  const host: SpecHost = {
    environment: around.environment ?? {},
    currentFolder: '/project',
    cpuCount: 4,
    readFile: (path) => {
      const found = files[path.replace('/project/', '')];
      if (found === undefined) return err({ reason: 'missing', message: '' });
      return ok(new TextEncoder().encode(found));
    },
    readStandardInput: () => err({ reason: 'missing', message: '' }),
  };
  const { loaded, diagnostics } = loadSpec('mpctl.yaml', host);
  if (loaded === null) return { plan: null, diagnostics };
  const built = buildPlan(loaded, host, around.overrides);
  return { plan: built.plan, diagnostics: [...diagnostics, ...built.diagnostics] };
}

/** The plan of a spec that must be right. */
export function validPlan(text: string, around: Surroundings = {}): Plan {
  const { plan, diagnostics } = planText(text, around);
  const errors = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);
  return present(plan, `the spec of a test is wrong: ${errors.join('; ')}`);
}

/** The codes of all findings, sorted. */
export function codesOf(text: string, around: Surroundings = {}): readonly string[] {
  return planText(text, around)
    .diagnostics.map(({ code }) => code)
    .toSorted();
}

/** One instance of a plan. */
export function instanceOf(plan: Plan, name: string): InstancePlan {
  return present(
    plan.instances.find((instance) => instance.name === name),
    `no instance ${name}`,
  );
}

/** One pool of a plan. */
export function poolOf(plan: Plan, name: string): PoolPlan {
  return present(
    plan.pools.find((pool) => pool.name === name),
    `no pool ${name}`,
  );
}
