import { describe, expect, it } from 'vitest';
import { applyIgnores } from '../../../src/diagnostics/apply-ignores.ts';
import { makeDiagnostic } from '../../../src/diagnostics/make-diagnostic.ts';

const source = { name: 'mpctl.yaml', text: 'one\ntwo\n' };
const other = { name: 'other.yaml', text: 'one\ntwo\n' };
const onLine = (line: 1 | 2, of = source) => ({ source: of, start: (line - 1) * 4, end: (line - 1) * 4 + 3 });
const warning = makeDiagnostic('MP139', 'fragile', { range: onLine(2) });
const error = makeDiagnostic('MP101', 'wrong', { range: onLine(2) });

/** A comment on a line, with its codes. */
function comment(line: 1 | 2, ...codes: readonly string[]) {
  return { range: onLine(line), codes: codes.map((code) => ({ code, range: onLine(line) })) };
}

function said(comments: Parameters<typeof applyIgnores>[1], isWhole = true): unknown {
  return applyIgnores([warning, error], comments, isWhole).map(({ code, message }) => [code, message]);
}

const all = [['MP139', 'fragile'], ['MP101', 'wrong']];

describe('applyIgnores', () => {
  it('leaves out what is ignored on its own line', () => {
    expect(said([comment(2, 'MP139')])).toEqual([['MP101', 'wrong']]);
  });

  it.each([
    [comment(1, 'MP139'), 'nothing on this line gives MP139'],
    [comment(2, 'MP205'), 'nothing on this line gives MP205'],
    [comment(2, 'MP999'), 'there is no code MP999'],
    [comment(2, 'MP101'), 'MP101 is an error here, and an error cannot be ignored'],
    [comment(2), '`mpctl-ignore` names no code'],
    [{ range: onLine(2, other), codes: [{ code: 'MP139', range: onLine(2, other) }] }, 'nothing on this line gives MP139'],
  ])('tells of %j', (idle, message) => {
    expect(said([idle])).toEqual([...all, ['MP142', message]]);
  });

  it('tells of none that ignores nothing while not all is known, as the checks were not made', () => {
    expect(said([comment(2, 'MP205')], false)).toEqual(all);
    expect(said([comment(2, 'MP101')], false)).toEqual([...all, ['MP142', 'MP101 is an error here, and an error cannot be ignored']]);
  });
});
