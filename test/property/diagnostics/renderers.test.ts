import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../../src/diagnostics/bag.ts';
import { cellsOf } from '../../../src/diagnostics/display-width.ts';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../../src/diagnostics/make-diagnostic.ts';
import { renderGithub } from '../../../src/diagnostics/render-github.ts';
import { renderJson } from '../../../src/diagnostics/render-json.ts';
import { renderText } from '../../../src/diagnostics/render-text.ts';
import { windowAround } from '../../../src/diagnostics/source-window.ts';
import { sourceText } from './source-text.ts';

/** Any range at all, also one outside its text or the wrong way round. */
const diagnostic: fc.Arbitrary<Diagnostic> = fc
  .record({
    text: sourceText,
    start: fc.integer({ min: -3, max: 300 }),
    length: fc.integer({ min: -3, max: 300 }),
    message: sourceText,
    hint: fc.option(sourceText),
    relatedTo: fc.option(fc.nat({ max: 300 })),
  })
  .map(({ text, start, length, message, hint, relatedTo }) => {
    const source = { name: 'mpctl.yaml', text };
    return makeDiagnostic('MP003', message, {
      range: { source, start, end: start + length },
      hint,
      related: relatedTo === null ? [] : [{ message: 'here', range: { source, start: relatedTo, end: relatedTo + 2 } }],
    });
  });

describe('renderers', () => {
  it('take any range, and every line of the text form is clean', () => {
    fc.assert(
      fc.property(fc.array(diagnostic, { maxLength: 4 }), fc.integer({ min: 1, max: 120 }), (diagnostics, width) => {
        const report = new DiagnosticBag(diagnostics).report();
        const text = renderText(report, { color: false, width });
        expect(text).not.toMatch(/[^\P{Control}\n]/u);
        expect(() => JSON.parse(renderJson(report)) as unknown).not.toThrow();
        expect(renderGithub(report).split('\n')).toHaveLength(report.diagnostics.length + 1);
      }),
    );
  });
});

describe('windowAround', () => {
  it('fits the width and marks something that is shown', () => {
    fc.assert(
      fc.property(sourceText, fc.nat({ max: 300 }), fc.nat({ max: 300 }), fc.integer({ min: 20, max: 120 }), (text, start, length, width) => {
        const line = text.replaceAll('\n', '');
        const from = Math.min(start, line.length);
        const window = windowAround(line, from, Math.min(line.length, from + length), width);
        expect(cellsOf(window.text).reduce((sum, cell) => sum + cell.width, 0)).toBeLessThanOrEqual(width);
        expect(window.length).toBeGreaterThanOrEqual(1);
        expect(window.indent + window.length).toBeLessThanOrEqual(width + 1);
      }),
    );
  });

  it('leaves a line alone that fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 80 }), fc.nat({ max: 79 }), (line, start) => {
        const from = Math.min(start, line.length - 1);
        expect(windowAround(line, from, from + 1, 80)).toEqual({ text: line, indent: from, length: 1 });
      }),
    );
  });
});
