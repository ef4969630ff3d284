import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../../src/diagnostics/bag.ts';
import type { DiagnosticCode } from '../../../src/diagnostics/catalogue.ts';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../../src/diagnostics/make-diagnostic.ts';

const first = { name: 'a.yaml', text: 'abcdefgh' };
const second = { name: 'b.yaml', text: 'abcdefgh' };

function finding(code: DiagnosticCode, source: typeof first | null, start: number, message = 'wrong'): Diagnostic {
  return makeDiagnostic(code, message, { range: source === null ? null : { source, start, end: start + 1 } });
}

describe('DiagnosticBag', () => {
  it('sorts by file, place and code, what has no place first', () => {
    const sorted = [
      finding('MP003', null, 0),
      finding('MP002', first, 1),
      finding('MP003', first, 1),
      finding('MP001', first, 10),
      finding('MP001', second, 0),
    ];
    expect(new DiagnosticBag(sorted.toReversed()).sorted()).toEqual(sorted);
  });

  it('counts an equal finding once', () => {
    const bag = new DiagnosticBag([finding('MP003', first, 1), finding('MP003', first, 1), finding('MP003', first, 1, 'else')]);
    expect(bag.sorted()).toHaveLength(2);
  });

  it('shows 50 and counts all', () => {
    const bag = new DiagnosticBag(Array.from({ length: 53 }, (_, index) => finding('MP003', first, 0, `no ${index}`)));
    const report = bag.report();
    expect(report.diagnostics).toHaveLength(50);
    expect(report).toMatchObject({ omitted: 3, counts: { error: 53, warning: 0, note: 0 }, files: ['a.yaml'] });
    expect(bag.report(Infinity)).toMatchObject({ omitted: 0 });
  });

  it('knows whether a run is impossible', () => {
    expect(new DiagnosticBag([makeDiagnostic('MP003', 'x', { severity: 'warning' })]).hasErrors).toBe(false);
    expect(new DiagnosticBag([makeDiagnostic('MP003', 'x')]).hasErrors).toBe(true);
  });
});
