import type { Scalar } from 'yaml';
import type { ReadingRule } from '../schema/reading.ts';
import { isMissing } from '../yaml-tree.ts';
import { checkTemplates } from './check-templates.ts';
import { leafProblem, passes } from './leaf-problem.ts';
import { withoutShell, wordForShell } from './word-for-shell.ts';
import type { ReadContext, Spot } from './read-context.ts';
import { formHint } from './form-hint.ts';
import type { LeafShape, Shape } from './shape.ts';
import { writtenText } from './written-text.ts';

/** The scalars that may stand at a place, and what else may. */
export interface ScalarShape {
  readonly leaves: readonly LeafShape[];
  /** Also `${{ }}`. */
  readonly interpolable: boolean;
  readonly rule: ReadingRule;
  /** What may stand there that is no scalar: `a list`, `a mapping`. */
  readonly alternatives: readonly string[];
  /** All that may stand there, for hints. */
  readonly whole: Shape;
}

/** Reads a scalar as the first alternative that it fits; undefined, with a finding, where it fits none. */
export function readScalar(context: ReadContext, shape: ScalarShape, scalar: Scalar, spot: Spot): unknown {
  const written = writtenText(scalar);
  if (shape.interpolable && typeof scalar.value === 'string' && written.includes('${{')) {
    return checkTemplates(context, scalar, written, { loadOnly: shape.rule.atRunTime !== true }, spot) ? written : undefined;
  }
  for (const leaf of shape.leaves) {
    const isText = leaf.rule.text === true && !(leaf.rule.orNull === true ? scalar.value === null : isMissing(scalar));
    const value = isText ? written : scalar.value;
    if (!passes(leaf, value)) continue;
    const isSound = typeof value !== 'string' || checkText(context, scalar, value, leaf.rule, spot);
    // What the run fills in may be wrong without being needed before.
    return isSound || leaf.rule.loadOnly !== true ? value : undefined;
  }
  reportScalar(context, shape, scalar, spot);
  return undefined;
}

function checkText(context: ReadContext, scalar: Scalar, text: string, rule: ReadingRule, spot: Spot): boolean {
  if (!text.includes('$')) return true;
  const isSound = checkTemplates(context, scalar, text, rule, spot);
  if (rule.noShell !== true) return isSound;
  const found = wordForShell(text);
  if (found !== null) {
    const message = `${spot.label} has no shell, so \`${found}\` would be printed as it is`;
    context.report('MP133', message, scalar, withoutShell(context.tree.source.text, text));
  }
  return isSound;
}

function reportScalar(context: ReadContext, shape: ScalarShape, scalar: Scalar, spot: Spot): void {
  const written = writtenText(scalar);
  const { expected, hint } = leafProblem(shape.leaves, written, typeof scalar.value === 'string');
  const wanted = [expected, ...shape.alternatives].filter((each) => each !== '').join(' or ');
  if (isMissing(scalar)) {
    context.report('MP103', `${spot.label} has no value; expected ${wanted}`, spot.node, formHint(context.tree, shape.whole, null, spot));
    return;
  }
  const wayOut = hint ?? formHint(context.tree, shape.whole, scalar, spot);
  context.report('MP103', `${spot.label} is \`${shortened(written)}\`; expected ${wanted}`, scalar, wayOut);
}

function shortened(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return line.length === text.length && line.length <= 60 ? line : `${line.slice(0, 60)}…`;
}
