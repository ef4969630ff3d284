import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../../src/diagnostics/bag.ts';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { type DiagnosticDetails, makeDiagnostic } from '../../../src/diagnostics/make-diagnostic.ts';
import { renderSummary, renderText, type TextOptions } from '../../../src/diagnostics/render-text.ts';
import type { SourceRange } from '../../../src/diagnostics/source.ts';

function rangeOf(text: string, marked: string, name = 'mpctl.yaml'): SourceRange {
  const start = text.indexOf(marked);
  return { source: { name, text }, start, end: start + marked.length };
}

function finding(message: string, details: DiagnosticDetails = {}): Diagnostic {
  return makeDiagnostic('MP003', message, details);
}

function render(diagnostics: readonly Diagnostic[], options: Partial<TextOptions> = {}): string {
  return renderText(new DiagnosticBag(diagnostics).report(), { color: false, width: 80, ...options });
}

function block(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

describe('renderText', () => {
  it('shows sentence, place, line, caret, hint, and where to learn more', () => {
    const text = `${'\n'.repeat(13)}    depends_on: [fetcherr]\n`;
    const diagnostic = finding('`indexer` waits for `fetcherr`, which is not defined', {
      range: rangeOf(text, 'fetcherr'),
      hint: 'did you mean `fetcher`?',
    });
    expect(render([diagnostic])).toBe(
      block(
        'error[MP003]: `indexer` waits for `fetcherr`, which is not defined',
        '  --> mpctl.yaml:14:18',
        '   |',
        '14 |     depends_on: [fetcherr]',
        '   |                  ^^^^^^^^',
        '   = hint: did you mean `fetcher`?',
        '   = explain: mpctl explain MP003',
      ),
    );
  });

  it('shows every second place in a frame of its own, lines numbered in one width', () => {
    const text = `work: 1\n${'\n'.repeat(8)}work: 2\n`;
    const source = { name: 'mpctl.yaml', text };
    const diagnostic = finding('`work` is defined twice', {
      range: { source, start: text.lastIndexOf('work'), end: text.lastIndexOf('work') + 4 },
      related: [{ message: 'first defined here', range: { source, start: 0, end: 4 } }],
    });
    expect(render([diagnostic])).toBe(
      block(
        'error[MP003]: `work` is defined twice',
        '  --> mpctl.yaml:10:1',
        '   |',
        '10 | work: 2',
        '   | ^^^^',
        '  ::: mpctl.yaml:1:1',
        '   |',
        ' 1 | work: 1',
        '   | ---- first defined here',
        '   = explain: mpctl explain MP003',
      ),
    );
  });

  it('says how to learn more once for each code, and how many findings are left out', () => {
    const output = render(Array.from({ length: 52 }, (_, index) => finding(`wrong ${index}`)));
    expect(output.match(/explain:/gu)).toHaveLength(1);
    expect(output.endsWith('\n\nand 2 more\n')).toBe(true);
  });

  it('cuts a long line around what is marked', () => {
    const text = `k: ${'lorem ipsum '.repeat(30)}HERE ${'dolor '.repeat(40)}`;
    const output = render([finding('wrong', { range: rangeOf(text, 'HERE') })], { width: 50 });
    const [, , , source = '', caret = ''] = output.split('\n');
    expect(source.length).toBeLessThanOrEqual(50);
    expect(source).toMatch(/^1 \| ….*HERE.*…$/u);
    expect(source.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('HERE');
  });

  it('puts the caret under the right cell behind tabs and wide characters', () => {
    expect(render([finding('wrong', { range: rangeOf('\tb: 日本 xx', 'xx') })])).toContain(
      block('1 |     b: 日本 xx', '  |             ^^'),
    );
  });

  it('marks one cell for an empty range, also at the end of the text', () => {
    const source = { name: 'mpctl.yaml', text: 'a: 1' };
    expect(render([finding('wrong', { range: { source, start: 4, end: 4 } })])).toContain(block('1 | a: 1', '  |     ^'));
  });

  it('marks a range of several lines to the end of its first line', () => {
    expect(render([finding('wrong', { range: rangeOf('a:\n  b: 1\n  c: 2\n', 'b: 1\n  c: 2') })])).toContain(
      block('2 |   b: 1', '  |   ^^^^'),
    );
  });

  it('aligns the further lines of a hint', () => {
    expect(render([finding('wrong', { hint: 'write\n  a: "b"' })])).toBe(
      block('error[MP003]: wrong', '  = hint: write', '            a: "b"', '  = explain: mpctl explain MP003'),
    );
  });

  it('lets no control sequence of a spec reach the terminal', () => {
    const text = 'a: "\u001B[2J\u202E"';
    const output = render([finding(`found \`${text}\``, { range: rangeOf(text, 'a') })]);
    expect(output).not.toContain('\u001B');
    expect(output).not.toContain('\u202E');
    expect(output).toContain('␛[2J\uFFFD');
  });

  it('colours only where that is wanted', () => {
    const diagnostic = finding('wrong', { range: rangeOf('a: 1', 'a'), hint: 'right' });
    const colored = render([diagnostic], { color: true });
    // oxlint-disable-next-line no-control-regex -- the sequences are what is looked for
    expect(colored.replaceAll(/\u001B\[[\d;]*m/gu, '')).toBe(render([diagnostic]));
    expect(colored).toContain('\u001B[1;31merror[MP003]\u001B[0m');
  });
});

describe('renderSummary', () => {
  it.each([
    [[finding('x', { range: rangeOf('a', 'a') }), finding('y', { range: rangeOf('a', 'a') }), finding('z', { severity: 'warning' })], '2 errors, 1 warning in mpctl.yaml'],
    [[finding('x', { range: rangeOf('a', 'a') }), finding('y', { range: rangeOf('a', 'a', 'b.yaml') })], '2 errors in 2 files'],
    [[finding('x', { severity: 'note' })], '1 note'],
    [[], 'no findings'],
  ])('counts %#', (diagnostics, expected) => {
    expect(renderSummary(new DiagnosticBag(diagnostics).report())).toBe(expected);
  });
});
