import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../../src/diagnostics/bag.ts';
import { makeDiagnostic } from '../../../src/diagnostics/make-diagnostic.ts';
import { renderGithub } from '../../../src/diagnostics/render-github.ts';
import { renderJson } from '../../../src/diagnostics/render-json.ts';
import { renderSarif } from '../../../src/diagnostics/render-sarif.ts';

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
      certainty: null,
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
      note: null,
      hint: 'write\nbb: "2"',
    });
  });
});

describe('renderSarif', () => {
  const schemaFile = createRequire(import.meta.url).resolve('schemastore/schemas/json/sarif-2.1.0.json');
  // The schema has a pattern that is none with the flag `u`, and formats that JSON Schema leaves to whoever reads it.
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(JSON.parse(readFileSync(schemaFile, 'utf8')));

  it('writes what the official schema allows', () => {
    const document: unknown = JSON.parse(renderSarif(report, '1.2.3'));
    validate(document);
    expect(validate.errors).toBeNull();
    expect(validate({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });

  it('writes a rule for each code and a result for each finding', () => {
    const document: unknown = JSON.parse(renderSarif(report, '1.2.3'));
    expect(document).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { name: 'mpctl', version: '1.2.3', rules: [{ id: 'MP002' }, { id: 'MP003', name: 'bad-flag', defaultConfiguration: { level: 'error' } }] } } }] });
    expect(document).toHaveProperty('runs.0.results', [
      { ruleId: 'MP002', ruleIndex: 0, level: 'note', message: { text: 'nowhere' }, locations: [], relatedLocations: [] },
      expect.objectContaining({ ruleId: 'MP003', level: 'warning' }),
      {
        ruleId: 'MP003',
        ruleIndex: 1,
        level: 'error',
        message: { text: '100% wrong\nhint: write\nbb: "2"' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'dir%2Ca%3Ab/mpctl.yaml' }, region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 3 } } }],
        relatedLocations: [
          {
            id: 0,
            physicalLocation: { artifactLocation: { uri: 'dir%2Ca%3Ab/mpctl.yaml' }, region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 } },
            message: { text: 'first defined here' },
          },
        ],
      },
    ]);
  });

  it('says how often a finding of a spec comes about, and names an absolute path as a URI', () => {
    const found = makeDiagnostic('MP205', 'x', { range: { source: { name: '/a b/c.yaml', text: 'x' }, start: 0, end: 1 } });
    expect(JSON.parse(renderSarif(new DiagnosticBag([found]).report(), '1'))).toHaveProperty('runs.0.results.0', expect.objectContaining({
      properties: { certainty: 'every run' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'file:///a%20b/c.yaml' }, region: expect.anything() as unknown } }],
    }));
  });
});
