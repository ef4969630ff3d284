import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../../src/diagnostics/bag.ts';
import { makeDiagnostic } from '../../../src/diagnostics/make-diagnostic.ts';
import { renderGithub } from '../../../src/diagnostics/render-github.ts';
import { renderJson } from '../../../src/diagnostics/render-json.ts';

const source = { name: 'dir,a:b/mpctl.yaml', text: 'a: 1\nbb: 2\n' };
const oneLine = makeDiagnostic('MP003', '100% wrong', {
  range: { source, start: 5, end: 7 },
  related: [{ message: 'first defined here', range: { source, start: 0, end: 1 } }],
  hint: 'write\nbb: "2"',
});
const report = new DiagnosticBag([
  oneLine,
  makeDiagnostic('MP003', 'over two lines', { range: { source, start: 3, end: 7 }, severity: 'warning' }),
  makeDiagnostic('MP002', 'nowhere', { severity: 'note' }),
]).report();

describe('renderGithub', () => {
  it('writes one escaped workflow command for each finding', () => {
    expect(renderGithub(report)).toBe(
      [
        '::notice title=MP002 unknown-command::nowhere',
        '::warning file=dir%2Ca%3Ab/mpctl.yaml,line=1,endLine=2,col=4,title=MP003 bad-flag::over two lines',
        '::error file=dir%2Ca%3Ab/mpctl.yaml,line=2,endLine=2,col=1,endColumn=3,title=MP003 bad-flag::' +
          '100%25 wrong%0Afirst defined here: dir,a:b/mpctl.yaml:1:1%0Ahint: write%0Abb: "2"',
        '',
      ].join('\n'),
    );
  });
});

describe('renderJson', () => {
  it('writes one versioned document with lines, columns and offsets', () => {
    const document: unknown = JSON.parse(renderJson(report));
    expect(document).toMatchObject({ v: 1, errors: 1, warnings: 1, notes: 1, omitted: 0 });
    expect(document).toHaveProperty('diagnostics.2', {
      code: 'MP003',
      slug: 'bad-flag',
      severity: 'error',
      message: '100% wrong',
      range: {
        file: 'dir,a:b/mpctl.yaml',
        start: { line: 2, column: 1, offset: 5 },
        end: { line: 2, column: 3, offset: 7 },
      },
      related: [
        {
          message: 'first defined here',
          range: {
            file: 'dir,a:b/mpctl.yaml',
            start: { line: 1, column: 1, offset: 0 },
            end: { line: 1, column: 2, offset: 1 },
          },
        },
      ],
      hint: 'write\nbb: "2"',
    });
  });
});
