import type { Place } from '../src/base/place.ts';
import { applyIgnores } from '../src/diagnostics/apply-ignores.ts';
import { DiagnosticBag } from '../src/diagnostics/bag.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { LineIndex } from '../src/diagnostics/line-index.ts';
import { buildPlan } from '../src/plan/build-plan.ts';
import type { PlanOverrides } from '../src/plan/build/plan-overrides.ts';
import { itemDigest } from '../src/engine/item-digest.ts';
import type { Plan } from '../src/plan/plan.ts';
import { ignoreComments } from '../src/spec/ignore-comments.ts';
import { loadSpec } from '../src/spec/load-spec.ts';
import type { LoadedSpec } from '../src/spec/loaded-spec.ts';
import { findSpec } from './find-spec.ts';
import type { Host } from './host.ts';
import { specHostOf } from './spec-host.ts';

/** A spec on its way to a run. */
export interface PreparedPlan {
  /** As the user named it, or as it was found. */
  readonly name: string;
  /** null where an error makes every run impossible. */
  readonly plan: Plan | null;
  /** Of the loading and the building, in the order of the files and places. */
  readonly diagnostics: readonly Diagnostic[];
  /** The same with what a check finds later, and without whatever of all that comments ignore. */
  readonly diagnosticsWith: (foundLater: readonly Diagnostic[]) => readonly Diagnostic[];
  /** Where in the spec something is written; null of a spec that could not be loaded. */
  readonly locate: LoadedSpec['locate'] | null;
  /** The same as `FILE:LINE`. */
  readonly lineOf: (place: Place) => string | null;
  /** By which it is known whether the spec has changed; empty of one that could not be loaded. */
  readonly specDigest: string;
}

/** Codes of what only a check looks for, after the building. */
const onlyChecked: ReadonlySet<string> = new Set(['MP611', 'MP901']);

/** Finds, loads and compiles the spec that an argument means. */
export function preparePlan(host: Host, argument: string | undefined, overrides: PlanOverrides = {}): PreparedPlan {
  const path = findSpec(argument, host.workingDir);
  if (!path.ok) return unloaded(argument ?? '', [path.error]);
  const specHost = specHostOf(host);
  const { loaded, diagnostics } = loadSpec(path.value, specHost);
  if (loaded === null) return unloaded(path.value, diagnostics);
  const built = buildPlan(loaded, specHost, overrides);
  const found = [...diagnostics, ...built.diagnostics];
  const comments = loaded.sources.flatMap(ignoreComments);
  const isWhole = built.plan !== null;
  return {
    name: path.value,
    plan: built.plan,
    diagnostics: new DiagnosticBag(applyIgnores(found, comments, isWhole, onlyChecked)).sorted(),
    diagnosticsWith: (foundLater) => applyIgnores([...found, ...foundLater], comments, isWhole),
    specDigest: itemDigest(loaded.sources.map(({ text }) => text)).toString(16),
    locate: (place, part) => loaded.locate(place, part),
    lineOf: (place) => {
      const { source, start } = loaded.locate(place, 'key');
      return `${source.name}:${String(new LineIndex(source.text).position(start).line)}`;
    },
  };
}

function unloaded(name: string, diagnostics: readonly Diagnostic[]): PreparedPlan {
  return { name, plan: null, diagnostics, diagnosticsWith: (foundLater) => [...diagnostics, ...foundLater], locate: null, lineOf: nowhere, specDigest: '' };
}

function nowhere(): null {
  return null;
}
