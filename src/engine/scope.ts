import { asText } from '../base/as-text.ts';
import type { Json } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import { Template, type JsonTemplate, type Text } from '../base/template.ts';
import { renderTemplate } from '../base/render-template.ts';
import type { Context } from './context.ts';
import type { InstanceState } from './unit-state.ts';

/** The names that a text may use at this point of the run. */
export interface Scope {
  readonly vars: ReadonlyMap<string, Json>;
  /** The task's item; undefined outside a pool. */
  readonly item: Json | undefined;
  /** Fencing numbers of the locks that steps hold at this point. */
  readonly tokens: ReadonlyMap<string, number>;
  /** What the process will see on top of mpctl's own environment, as far as it is known; null is mpctl's own value. */
  readonly environment: EnvironmentView;
}

/** An environment that may be put together only when somebody asks. */
export interface EnvironmentView {
  get(name: string): string | null | undefined;
}

/** Nothing but `process` and `env`. */
export const emptyScope: Scope = { vars: new Map(), item: undefined, tokens: new Map(), environment: new Map() };

/** Python's exit code: N, -N when signal N ended it, null while it runs or before. */
export function exitcodeOf(state: InstanceState): number | null {
  return state.end === null ? null : state.end.exitcode;
}

function processField(context: Context, name: string, field: string): Json | undefined {
  const state = context.instances.get(name);
  if (state === undefined) return undefined;
  switch (field) {
    case 'pid':
      return state.pid;
    case 'exitcode':
      return exitcodeOf(state);
    case 'is_alive':
      return state.phase === 'running' || state.phase === 'starting';
    case 'name':
      return state.name;
    default:
      return undefined;
  }
}

function lookup(context: Context, scope: Scope, path: readonly string[]): Json | undefined {
  const [root, first, ...rest] = path;
  switch (root) {
    case 'vars':
      return first === undefined ? undefined : within(scope.vars.get(first), rest);
    case 'item':
      return within(scope.item, path.slice(1));
    case 'process':
      return processField(context, path.slice(1, -1).join('.'), path.at(-1) ?? '');
    case 'env':
      return first === undefined ? undefined : variable(context, scope, first);
    default:
      return undefined;
  }
}

function variable(context: Context, scope: Scope, name: string): string | undefined {
  const given = scope.environment.get(name);
  // What mpctl itself has of these is of the run that it runs in, and another process.
  if (given === undefined && name.startsWith('MPCTL_')) return undefined;
  return given ?? context.options.environment[name];
}

function within(value: Json | undefined, path: readonly string[]): Json | undefined {
  let current = value;
  for (const key of path) {
    if (current === null || typeof current !== 'object' || Array.isArray(current)) return undefined;
    current = Object.entries(current).find(([name]) => name === key)?.[1];
  }
  return current;
}

/** Completes a text to a JSON value; the error names what is not set. */
export function renderValue(context: Context, scope: Scope, text: Text): Result<Json, string> {
  if (typeof text === 'string') return ok(text);
  const rendered = renderTemplate(text, (path) => lookup(context, scope, path));
  if (rendered.ok) return rendered;
  return err(`\`\${{ ${rendered.error.expression.source} }}\` is not set here`);
}

/** Completes a text to a string: null is nothing, everything that is no string is JSON. */
export function renderText(context: Context, scope: Scope, text: Text): Result<string, string> {
  const value = renderValue(context, scope, text);
  return value.ok ? ok(asText(value.value)) : value;
}

/** Completes every text within a JSON value. */
export function renderJson(context: Context, scope: Scope, value: JsonTemplate): Result<Json, string> {
  if (value instanceof Template || typeof value === 'string') return renderValue(context, scope, value);
  if (value === null || typeof value !== 'object') return ok(value);
  if (isList(value)) {
    const items: Json[] = [];
    for (const item of value) {
      const rendered = renderJson(context, scope, item);
      if (!rendered.ok) return rendered;
      items.push(rendered.value);
    }
    return ok(items);
  }
  const entries: [string, Json][] = [];
  for (const [key, item] of Object.entries(value)) {
    const rendered = renderJson(context, scope, item);
    if (!rendered.ok) return rendered;
    entries.push([key, rendered.value]);
  }
  return ok(Object.fromEntries(entries));
}

function isList(
  value: readonly JsonTemplate[] | { readonly [key: string]: JsonTemplate },
): value is readonly JsonTemplate[] {
  return Array.isArray(value);
}
