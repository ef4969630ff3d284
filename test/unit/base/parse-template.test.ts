import { describe, expect, it } from 'vitest';
import { present } from '../../../src/base/invariant.ts';
import type { Json } from '../../../src/base/json.ts';
import { parseTemplate } from '../../../src/base/parse-template.ts';
import { later, renderTemplate, substitute } from '../../../src/base/render-template.ts';
import { Template, type Text } from '../../../src/base/template.ts';

function template(text: string): Text {
  const parsed = parseTemplate(text);
  return present(parsed.ok ? parsed.value : null, `${text} is a template`);
}

describe('parseTemplate', () => {
  it('gives text without a template back as it is', () => {
    expect(template('a $b ${c} {{ d }}')).toBe('a $b ${c} {{ d }}');
  });

  it('finds each expression between the texts', () => {
    expect(template('a ${{ env.X }}b${{item}}')).toEqual(
      new Template(['a ', { source: 'env.X', path: ['env', 'X'], fallback: undefined }, 'b', { source: 'item', path: ['item'], fallback: undefined }]),
    );
  });

  it.each([
    ['${{ env.X || \'\' }}', ''],
    ["${{ env.X || 'it''s }} here' }}", "it's }} here"],
    ['${{ env.X || -1.5 }}', -1.5],
    ['${{ env.X || true }}', true],
    ['${{ env.X || null }}', null],
  ])('takes the default of %s', (text, fallback) => {
    const parsed = template(text);
    expect(parsed instanceof Template && parsed.parts).toEqual([expect.objectContaining({ path: ['env', 'X'], fallback })]);
  });

  it('takes the dots in the name of an instance for a part of it', () => {
    const parsed = template('${{ process.test-3.12-linux.pid }}');
    expect(parsed instanceof Template && parsed.parts).toEqual([
      expect.objectContaining({ path: ['process', 'test-3.12-linux', 'pid'] }),
    ]);
  });

  it.each([
    ['a ${{ env.X', { message: '`${{` has no closing `}}`', offset: 2, hint: null }],
    ['${{ }}', { message: 'there is nothing in `${{ }}`', offset: 0, hint: null }],
    ['${{ env }}', { message: '`env` is not understood: it is written `env.NAME`', offset: 0, hint: null }],
    ['${{ replicas.x }}', { message: '`replicas.x` is not understood: it is written `replicas`', offset: 0, hint: null }],
    ['x${{ var.a }}', { message: /^`var` is not known in/, offset: 1, hint: 'did you mean `vars.a`?' }],
    ['${{ process.a.exit_code }}', { message: /^a process has no field/, offset: 0, hint: 'did you mean `process.a.exitcode`?' }],
    ['${{ env.X || none }}', { message: /^`none` cannot stand behind/, offset: 0, hint: "`|| 'none'`" }],
    ['${{ env.X || "none" }}', { message: /^`"none"` cannot stand behind/, offset: 0, hint: "`|| 'none'`" }],
    ['${{ secrets.T }}', { message: /^`secrets` is not known in/, offset: 0, hint: 'a secret is a variable of the environment: `env.NAME`' }],
    ['${{ out }}', { message: /^`out` is not known in/, offset: 0, hint: 'write `${{ vars.out }}` for a variable of the steps, `${{ env.out }}` for one of the environment' }],
    ['${{ MPCTL_ITEM }}', { message: /^`MPCTL_ITEM` is not known in/, offset: 0, hint: 'did you mean `item`?' }],
    ['${{ some.out }}', { message: /^`some` is not known in/, offset: 0, hint: null }],
    ['${{ environment.X }}', { message: /^`environment` is not known in/, offset: 0, hint: 'did you mean `env.X`?' }],
    ["${{ matrix['py'] }}", { message: /^`matrix\['py'\]` is not understood/, offset: 0, hint: 'write `matrix.py`' }],
    ["${{ env.X == 'a' }}", { message: /^`env.X == 'a'` is not understood/, offset: 0, hint: 'there are no expressions; compute it in a shell command or in a step with `as`' }],
    ['${{ a + b }}', { message: /^`a \+ b` is not understood/, offset: 0, hint: null }],
  ])('refuses %s', (text, { message, ...rest }) => {
    const parsed = parseTemplate(text);
    const error = present(parsed.ok ? null : parsed.error, `${text} is refused`);
    expect(error).toMatchObject(rest);
    expect(error.message).toMatch(message);
  });
});

describe('renderTemplate', () => {
  const values = new Map<string, Json>([['vars.list', [1, 'a']], ['vars.null', null], ['vars.text', 'two words'], ['vars.number', 3]]);
  const lookup = (path: readonly string[]): Json | undefined => values.get(path.join('.'));

  it.each([
    ['${{ vars.list }}', [1, 'a']],
    ['${{ vars.null }}', null],
    ['${{ vars.number }}', 3],
    ['<${{ vars.list }}>', '<[1,"a"]>'],
    ['<${{ vars.null }}>', '<>'],
    ['<${{ vars.text }}>', '<two words>'],
    ["${{ vars.null || 'none' }}", 'none'],
    ['${{ vars.unset || 7 }}', 7],
    ['n${{ vars.unset || 7 }}', 'n7'],
  ])('%s', (text, value) => {
    expect(renderTemplate(template(text), lookup)).toEqual({ ok: true, value });
  });

  it('says which name is unset', () => {
    expect(renderTemplate(template('a${{ vars.unset }}'), lookup)).toEqual({
      ok: false,
      error: { expression: { source: 'vars.unset', path: ['vars', 'unset'], fallback: undefined } },
    });
  });

  it('fills in what is known and leaves the rest', () => {
    const known = substitute(template('${{ env.A }}-${{ vars.x || 1 }}-${{ env.A }}'), ([root]) => (root === 'env' ? 'a' : later));
    expect(known).toEqual({
      ok: true,
      value: new Template(['a-', { source: 'vars.x || 1', path: ['vars', 'x'], fallback: 1 }, '-a']),
    });
  });
});
