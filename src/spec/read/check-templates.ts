import type { Scalar } from 'yaml';
import { parseTemplate } from '../../base/parse-template.ts';
import { Template, type Expression } from '../../base/template.ts';
import type { SourceRange } from '../../diagnostics/source.ts';
import type { ReadingRule } from '../schema/reading.ts';
import type { ReadContext, Spot } from './read-context.ts';
import { isKnownLate, shellWayOut } from './template-problem.ts';

/**
 * Reports what is wrong with the `${{ … }}` of a text: how it is written, and whether it may stand here.
 * Whether nothing is.
 */
export function checkTemplates(context: ReadContext, scalar: Scalar, text: string, rule: ReadingRule, spot: Spot): boolean {
  if (!text.includes('${{')) return true;
  const parsed = parseTemplate(text);
  if (!parsed.ok) {
    const { message, offset, hint } = parsed.error;
    context.reportAt('MP134', message, rangeWithin(context, scalar, text, offset), hint);
    return false;
  }
  if (!(parsed.value instanceof Template)) return true;
  let from = 0;
  let isSound = true;
  for (const part of parsed.value.parts) {
    if (typeof part === 'string') continue;
    const offset = text.indexOf('${{', from);
    from = offset + 3;
    isSound = checkExpression(context, part, rangeWithin(context, scalar, text, offset), rule, spot) && isSound;
  }
  return isSound;
}

function checkExpression(context: ReadContext, expression: Expression, range: SourceRange, rule: ReadingRule, spot: Spot): boolean {
  const written = `\${{ ${expression.source} }}`;
  if (rule.shell === true) {
    const message = `\`${written}\` stands in a script, where its value would be run as code`;
    context.reportAt('MP135', message, range, shellWayOut(expression));
    return false;
  }
  if (rule.loadOnly === true && isKnownLate(expression)) {
    const message = `\`${written}\` is known only while the run goes on, and ${spot.label} must be known before`;
    context.reportAt('MP122', message, range, 'before the run `env.NAME`, `matrix.KEY`, `replica`, `replicas` and `cpu_count` are known');
    return false;
  }
  return true;
}

/** The range of one `${{ … }}`, where the text stands in the file as it is; else that of the whole scalar. */
function rangeWithin(context: ReadContext, scalar: Scalar, text: string, offset: number): SourceRange {
  const whole = context.tree.rangeOf(scalar);
  const inside = whole.source.text.slice(whole.start, whole.end).indexOf(text);
  if (inside === -1) return whole;
  const start = whole.start + inside + offset;
  const close = text.indexOf('}}', offset);
  return { source: whole.source, start, end: close === -1 ? whole.end : whole.start + inside + close + 2 };
}
