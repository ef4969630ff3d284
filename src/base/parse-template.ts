import { didYouMean } from './did-you-mean.ts';
import type { Json } from './json.ts';
import { err, ok, type Result } from './result.ts';
import { Template, type Expression, type Text } from './template.ts';

/** Why a text with `${{` in it cannot be understood. */
export interface TemplateError {
  readonly message: string;
  /** UTF-16 offset in the text at which it goes wrong. */
  readonly offset: number;
  readonly hint: string | null;
}

/** What a first word in `${{ }}` may be followed by: fewest and most further words. */
const roots: ReadonlyMap<string, { readonly fewest: number; readonly most: number; readonly form: string }> = new Map([
  ['env', { fewest: 1, most: 1, form: 'env.NAME' }],
  ['matrix', { fewest: 1, most: 1, form: 'matrix.KEY' }],
  ['vars', { fewest: 1, most: Infinity, form: 'vars.NAME' }],
  ['item', { fewest: 0, most: Infinity, form: 'item' }],
  ['process', { fewest: 2, most: Infinity, form: 'process.NAME.FIELD' }],
  ['replica', { fewest: 0, most: 0, form: 'replica' }],
  ['replicas', { fewest: 0, most: 0, form: 'replicas' }],
  ['cpu_count', { fewest: 0, most: 0, form: 'cpu_count' }],
]);

/** What other tools call their values, with what stands for it here. */
const foreignRoots: ReadonlyMap<string, string> = new Map([
  ['secrets', 'a secret is a variable of the environment: `env.NAME`'],
  ['github', 'what a workflow is told stands in the environment: `env.GITHUB_SHA`'],
  ['runner', 'what a workflow is told stands in the environment: `env.RUNNER_OS`'],
  ['inputs', 'pass it in the environment: `env.NAME`, and `mpctl run --env NAME=VALUE`'],
  ['steps', 'a step keeps its value with `as: NAME`, and later steps have it as `vars.NAME`'],
  ['needs', 'a process passes values on through a queue, a shared value or a file'],
]);

/** The same where only the first word differs. */
const foreignWords: ReadonlyMap<string, string> = new Map([
  ['environment', 'env'],
  ['task', 'item'],
  ['MPCTL_ITEM', 'item'],
]);

const processFields = ['pid', 'exitcode', 'is_alive', 'name'];
const opening = '${{';
const inside = /^(?:[^'}]|'(?:[^']|'')*'|\}(?!\}))*/;
const shape = /^\s*(?<path>[A-Za-z_][\w-]*(?:\.[\w-]+)*)\s*(?:\|\|\s*(?<fallback>'(?:[^']|'')*'|[^'\s]+)\s*)?$/;

/**
 * Finds the `${{ … }}` of a text. A text without any is given back as it is; nothing is looked up.
 * The first mistake is reported.
 */
export function parseTemplate(text: string): Result<Text, TemplateError> {
  let start = text.indexOf(opening);
  if (start === -1) return ok(text);
  const parts: (string | Expression)[] = [];
  let done = 0;
  while (start !== -1) {
    const body = inside.exec(text.slice(start + opening.length))?.[0] ?? '';
    const end = start + opening.length + body.length;
    if (!text.startsWith('}}', end)) {
      return err({ message: '`${{` has no closing `}}`', offset: start, hint: null });
    }
    const expression = parseExpression(body, start);
    if (!expression.ok) return expression;
    if (start > done) parts.push(text.slice(done, start));
    parts.push(expression.value);
    done = end + 2;
    start = text.indexOf(opening, done);
  }
  if (done < text.length) parts.push(text.slice(done));
  return ok(new Template(parts));
}

function parseExpression(body: string, offset: number): Result<Expression, TemplateError> {
  const source = body.trim();
  if (source === '') return fail('there is nothing in `${{ }}`', offset);
  const groups = shape.exec(body)?.groups;
  const written = groups?.['path'];
  if (written === undefined) {
    return fail(
      `\`${source}\` is not understood: \`\${{ }}\` takes a name such as \`env.NAME\`, and \`|| 'default'\` after it`,
      offset,
      wayOut(source),
    );
  }
  const path = pathOf(written);
  const problem = pathProblem(path, written);
  if (problem !== null) return fail(problem.message, offset, problem.hint);
  const fallback = groups?.['fallback'];
  if (fallback === undefined) return ok({ source, path, fallback: undefined });
  const value = literal(fallback);
  if (value === undefined) {
    return fail(
      `\`${fallback}\` cannot stand behind \`||\`: a default is a text in single quotes, a number, true, false or null`,
      offset,
      `\`|| '${fallback.replace(/^"(.*)"$/, '$1')}'\``,
    );
  }
  return ok({ source, path, fallback: value });
}

/** For the expressions of other tools. */
function wayOut(source: string): string | null {
  if (/[=!<>]=|&&|[<>]|\(/.test(source)) return 'there are no expressions; compute it in a shell command or in a step with `as`';
  const dotted = source.replaceAll(/\[['"]?([\w-]+)['"]?\]/g, '.$1');
  return dotted !== source && shape.test(dotted) ? `write \`${dotted}\`` : null;
}

/** The name of an instance may hold dots (`test-3.12`), so the field of `process` is the last word. */
function pathOf(written: string): readonly string[] {
  const words = written.split('.');
  const [root = ''] = words;
  if (root !== 'process' || words.length <= 3) return words;
  return [root, words.slice(1, -1).join('.'), ...words.slice(-1)];
}

/** A name alone is how most other tools write a variable. */
function bareNameHint(path: readonly string[]): string | null {
  const [name = ''] = path;
  if (path.length > 1 || !/^[A-Za-z_]\w*$/u.test(name)) return null;
  return `write \`\${{ vars.${name} }}\` for a variable of the steps, \`\${{ env.${name} }}\` for one of the environment`;
}

function pathProblem(
  path: readonly string[],
  written: string,
): { readonly message: string; readonly hint: string | null } | null {
  const [root = ''] = path;
  const form = roots.get(root);
  if (form === undefined) {
    const meant = foreignWords.get(root) ?? didYouMean(root, roots.keys());
    const known = [...roots.values()].map((each) => `\`${each.form}\``).join(', ');
    return {
      message: `\`${root}\` is not known in \`\${{ }}\`, which takes ${known}`,
      hint: foreignRoots.get(root) ?? (meant === null ? bareNameHint(path) : `did you mean \`${[meant, ...path.slice(1)].join('.')}\`?`),
    };
  }
  const further = path.length - 1;
  if (further < form.fewest || further > form.most) {
    return { message: `\`${written}\` is not understood: it is written \`${form.form}\``, hint: null };
  }
  const field = path.at(-1) ?? '';
  if (root === 'process' && !processFields.includes(field)) {
    const meant = didYouMean(field, processFields);
    return {
      message: `a process has no field \`${field}\`: the fields are ${processFields.map((each) => `\`${each}\``).join(', ')}`,
      hint: meant === null ? null : `did you mean \`${[...path.slice(0, -1), meant].join('.')}\`?`,
    };
  }
  return null;
}

function literal(written: string): Json | undefined {
  if (written.startsWith("'")) return written.slice(1, -1).replaceAll("''", "'");
  if (/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(written)) return Number(written);
  if (written === 'true') return true;
  if (written === 'false') return false;
  return written === 'null' ? null : undefined;
}

function fail(message: string, offset: number, hint: string | null = null): { readonly ok: false; readonly error: TemplateError } {
  return err({ message, offset, hint });
}
