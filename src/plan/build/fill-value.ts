import { parseByteSize } from '../../base/byte-size.ts';
import { parseDuration } from '../../base/duration.ts';
import type { Json } from '../../base/json.ts';
import { parseTemplate } from '../../base/parse-template.ts';
import { substitute } from '../../base/render-template.ts';
import { Template } from '../../base/template.ts';
import type { Expression, JsonTemplate, Text } from '../../base/template.ts';
import { byteSize, duration, isInterpolated, longestTime } from '../../spec/schema/leaves.ts';
import type { Interpolated } from '../../spec/schema/leaves.ts';
import { checkRunTimeNames } from './check-run-time-names.ts';
import type { FillPlace } from './fill-place.ts';
import { schemaLeaf } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { isInGaps, namesGaps } from './load-gaps.ts';
import { lookUpAtLoad } from './load-scope.ts';
import { givenAtStart } from './own-variables.ts';
import { checkProcessField } from './process-field.ts';
import { unsetHint } from './unset-hint.ts';

/** A text whose load-time names are filled in; what only the run knows stays a template. */
export function fillText(at: FillPlace, raw: string): Text {
  return asText(fillForRun(at, raw));
}

function asText(filled: Json | Template): Text {
  if (filled instanceof Template || typeof filled === 'string') return filled;
  return filled === null ? '' : JSON.stringify(filled);
}

/** A text that must be known at load; empty after a finding. */
export function fillLoadText(at: FillPlace, raw: string): string {
  const filled = asText(fillTyped(at, raw));
  if (!(filled instanceof Template)) return filled;
  reportTooEarly(at, filled);
  return '';
}

/** A JSON value whose texts are filled in, at any depth; one expression alone keeps its type. */
export function fillJson(at: FillPlace, raw: Json): JsonTemplate {
  return mapTexts(at, raw, fillForRun);
}

/** A value of the spec's own kind, filled in and checked again; `otherwise` after a finding. */
export function fillLeaf<T>(at: FillPlace, raw: T | Interpolated, leaf: Leaf<T>, otherwise: T): T {
  if (!isInterpolated(raw)) return raw;
  const { gaps } = at.context;
  const before = gaps.count;
  const filled = fillTyped(at, raw);
  if (filled instanceof Template) reportTooEarly(at, filled);
  return gaps.count > before ? otherwise : readFilled(at, raw, filled, leaf, otherwise);
}

/** The same for a value that only the run may be able to fill in, and then has to check. */
export function fillLeafForRun<T>(
  at: FillPlace,
  raw: T | Interpolated,
  leaf: Leaf<T>,
  otherwise: T,
): T | Template {
  if (!isInterpolated(raw)) return raw;
  const { gaps } = at.context;
  const before = gaps.count;
  const filled = fillForRun(at, raw);
  if (gaps.count > before) return otherwise;
  return filled instanceof Template ? filled : readFilled(at, raw, filled, leaf, otherwise);
}

function readFilled<T>(at: FillPlace, raw: Interpolated, filled: unknown, leaf: Leaf<T>, otherwise: T): T {
  const value = leaf.read(filled) ?? leaf.read(asScalar(filled));
  if (value !== undefined) return value;
  at.context.gaps.add(at.place);
  if (namesGaps(at, raw)) return otherwise;
  const message = `\`${raw}\` gives \`${JSON.stringify(filled)}\`, expected ${leaf.expected}`;
  at.context.report('MP125', { place: at.place, part: 'value' }, message, { hint: `write the value itself, or let \`${raw}\` give ${leaf.expected}` });
  return otherwise;
}

const durationLeaf = schemaLeaf(duration);

/** For a time after which something has failed. */
export const longestTimeLeaf = schemaLeaf(longestTime);
const sizeLeaf = schemaLeaf(byteSize);

/** A duration in ms. */
export function fillDuration(at: FillPlace, raw: string, leaf = durationLeaf): number {
  const written = fillLeaf(at, raw, leaf, '0s');
  return readOnce(at.context.durationsMs, written, parseDuration);
}

/** A size in bytes. */
export function fillByteSize(at: FillPlace, raw: string): number {
  const written = fillLeaf(at, raw, sizeLeaf, '0B');
  return readOnce(at.context.sizesBytes, written, parseByteSize);
}

function readOnce(
  known: Map<string, number>,
  written: string,
  parse: (written: string) => number | null,
): number {
  const found = known.get(written);
  if (found !== undefined) return found;
  const value = parse(written) ?? 0;
  known.set(written, value);
  return value;
}

/** A duration in ms, or null where none was written. */
export function fillOptionalDuration(at: FillPlace, raw: string | undefined, leaf = durationLeaf): number | null {
  return raw === undefined ? null : fillDuration(at, raw, leaf);
}

/** What is left for the run must be something that it can know there. */
function fillForRun(at: FillPlace, raw: string): Json | Template {
  const filled = fillTyped(at, raw);
  if (filled instanceof Template) checkRunTimeNames(at, filled);
  return filled;
}

function fillTyped(at: FillPlace, raw: string): Json | Template {
  if (!isInterpolated(raw)) return raw;
  const parsed = parseTemplate(raw);
  // The loader has reported every text that is no template.
  if (!parsed.ok) return raw;
  const template = parsed.value;
  if (template instanceof Template) {
    at.context.whenNamed(() => checkProcessField(at, template));
    if (reportGivenAtStart(at, template)) return '';
  }
  const filled = substitute(template, (path) => lookUpAtLoad(at.scope, path));
  if (filled.ok) return filled.value;
  // Asked before there is the gap of this very value, which may be what gives the name, too.
  const unset = unsetNames(at, template).filter(({ path }) => !isInGaps(at, path));
  at.context.gaps.add(at.gap);
  for (const expression of unset) {
    const { source, path } = expression;
    at.context.report('MP121', { place: at.place, part: 'value' }, `\`\${{ ${source} }}\` stands for nothing: \`${path.join('.')}\` is not set here`, { hint: unsetHint(at, expression) });
  }
  return '';
}

/** All that stand for nothing in a text, each once. */
function unsetNames(at: FillPlace, template: Text): readonly Expression[] {
  const parts = template instanceof Template ? template.parts : [];
  const unset = parts.flatMap((part) => (typeof part !== 'string' && part.fallback === undefined && lookUpAtLoad(at.scope, part.path) === undefined ? [part] : []));
  return [...new Map(unset.map((part) => [part.path.join('.'), part])).values()];
}

/** Those that a process has only from its start stand in no text, whatever would stand in for them. */
function reportGivenAtStart(at: FillPlace, { parts }: Template): boolean {
  const given = new Map(parts.flatMap((part) => (typeof part !== 'string' && part.path[0] === 'env' && givenAtStart.has(part.path[1] ?? '') ? [[part.path[1] ?? '', part]] : [])));
  for (const [name, part] of given) {
    const message = `\`\${{ ${part.source} }}\` is not known to mpctl's texts: a process is given \`${name}\` as it is started`;
    const hint = `let the process read it: \`"$${name}"\` in a script, \`os.environ["${name}"]\` in Python`;
    at.context.report('MP121', { place: at.place, part: 'value' }, message, { hint });
  }
  return given.size > 0;
}

/** A JSON value that must be known at load. */
export function fillLoadJson(at: FillPlace, raw: Json): Json {
  return knownJson(at, mapTexts(at, raw, fillTyped));
}

function knownJson(at: FillPlace, value: JsonTemplate): Json {
  if (value instanceof Template) {
    reportTooEarly(at, value);
    return null;
  }
  if (value === null || typeof value !== 'object') return value;
  if (isTemplateList(value)) return value.map((item, index) => knownJson(at.below(index), item));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, knownJson(at.below(key), item)]),
  );
}

function isTemplateList(value: JsonTemplate): value is readonly JsonTemplate[] {
  return Array.isArray(value);
}

function mapTexts(
  at: FillPlace,
  raw: Json,
  fill: (at: FillPlace, text: string) => JsonTemplate,
): JsonTemplate {
  if (typeof raw === 'string') return fill(at, raw);
  if (raw === null || typeof raw !== 'object') return raw;
  if (isList(raw)) return raw.map((item, index) => mapTexts(at.below(index), item, fill));
  return Object.fromEntries(
    Object.entries(raw).map(([key, item]) => [key, mapTexts(at.below(key), item, fill)]),
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The environment gives only text; where a number or a flag is wanted, it is read as YAML would. */
function asScalar(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  if (/^-?\d+(?:\.\d+)?$/.test(value)) return Number(value);
  return value === 'true' || value === 'false' ? value === 'true' : undefined;
}

function reportTooEarly(at: FillPlace, template: Template): void {
  const expression = template.parts.find((part) => typeof part === 'object');
  at.context.gaps.add(at.place);
  at.context.report(
    'MP122',
    { place: at.place, part: 'value' },
    `\`\${{ ${expression?.source ?? ''} }}\` is known only while the run goes on, but this value is needed before it starts`,
    { hint: 'here `env`, `matrix`, `replica`, `replicas` and `cpu_count` are known' },
  );
}
