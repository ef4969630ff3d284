import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = path.join(import.meta.dirname, '..', '..', '..');
const schema = JSON.parse(readFileSync(path.join(root, 'schemas', 'mpctl.schema.json'), 'utf8')) as Readonly<Record<string, unknown>>;
// Strict about the schema itself, as about a keyword that means nothing; what is required of a `oneOf` is defined beside it.
const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true }).compile(schema);

/** The places in the file that an editor with the schema underlines, each once. */
function underlined(file: string): readonly string[] {
  if (validate(parse(readFileSync(path.join(root, file), 'utf8'), { merge: true }))) return [];
  return [...new Set((validate.errors ?? []).map(({ instancePath }) => instancePath))].toSorted();
}

const specs = readdirSync(path.join(root, 'examples'), { recursive: true, encoding: 'utf8' }).map((name) => path.join('examples', name));
const right = [...specs.filter((name) => /\/(?:mpctl|right)\.yaml$/u.test(name)).toSorted(), 'test/property/plan/whole.yaml'];

describe('the JSON Schema, to an editor,', () => {
  it.each(right)('has nothing against %s', (file) => {
    expect(underlined(file)).toEqual([]);
  });

  it.each([
    ['MP101', ['/processes/api']],
    ['MP102', ['/barriers/start', '/processes/api']],
    [
      'MP103',
      [
        '/barriers/ready',
        '/daemons/db',
        '/pools/load/depends_on',
        '/pools/load/depends_on/api',
        '/pools/load/retry',
        '/pools/load/tasks',
        '/processes/api/depends_on',
        '/processes/api/readiness_probe',
        '/processes/api/stop/signal',
        '/processes/api/timeout',
      ],
    ],
    ['MP107', ['/processes/build/steps/0', '/processes/report']],
    ['MP109', ['/processes']],
  ])('underlines in the wrong example of %s what is wrong', (code, places) => {
    expect(underlined(`examples/diagnostics/${code}/wrong.yaml`)).toEqual(places);
  });
});
