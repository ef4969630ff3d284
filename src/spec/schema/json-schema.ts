import * as z from 'zod';
import { readingRuleOf } from './reading.ts';
import { specSchema } from './spec.ts';

/** JSON Schema of draft 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

const free = '^x-';

/**
 * The JSON Schema of a spec, for editors. It is as strict as the language about keys, where `x-` is free
 * at every level. Where text is wanted it also takes numbers and `true`, since editors read scalars by
 * the rules of YAML and mpctl as they are written.
 */
export function specJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(specSchema, { io: 'input', target: 'draft-2020-12', override: refine });
  const definitions = Object.entries(schema.$defs ?? {}).filter(([id]) => !id.startsWith('__'));
  return { ...schema, title: 'mpctl spec, language version 1', $defs: Object.fromEntries(definitions) };
}

interface Node {
  readonly zodSchema: z.core.$ZodType;
  readonly jsonSchema: JsonSchema;
}

function refine({ zodSchema, jsonSchema }: Node): void {
  const rule = readingRuleOf(zodSchema);
  if (rule.free === true) {
    for (const key of Object.keys(jsonSchema)) if (key !== 'description' && key !== 'default') Reflect.deleteProperty(jsonSchema, key);
    return;
  }
  if (jsonSchema.type === 'object' && jsonSchema.patternProperties === undefined) {
    jsonSchema.patternProperties = { [free]: {} };
    const { propertyNames } = jsonSchema;
    if (typeof propertyNames === 'object') jsonSchema.propertyNames = { anyOf: [propertyNames, { pattern: free }] };
  }
  // A section without a value counts as left out.
  if (rule.names === true && jsonSchema.type === 'object') Object.assign(jsonSchema, { type: ['object', 'null'] });
  if (jsonSchema.type === 'string' && rule.text === true && jsonSchema.pattern === undefined && jsonSchema.enum === undefined) {
    Object.assign(jsonSchema, { type: ['string', 'number', 'boolean'] });
  }
  if (rule.exactlyOne !== undefined) jsonSchema.oneOf = rule.exactlyOne.map((key) => ({ required: [key] }));
}
