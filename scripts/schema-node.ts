import * as z from 'zod';
import { readingRuleOf, type ReadingRule } from '../src/spec/schema/reading.ts';
import { specSchema } from '../src/spec/schema/spec.ts';

/** The part of JSON Schema that the reference of the language is made from. */
export interface SchemaNode {
  readonly $ref?: string | undefined;
  readonly $defs?: Readonly<Record<string, SchemaNode>> | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly anyOf?: readonly SchemaNode[] | undefined;
  readonly items?: SchemaNode | false | undefined;
  readonly prefixItems?: readonly SchemaNode[] | undefined;
  readonly properties?: Readonly<Record<string, SchemaNode>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: SchemaNode | boolean | undefined;
  /** What of it this version refuses, as a sentence; absent where it takes all of it. */
  readonly refused?: string | undefined;
}

const schemaNode: z.ZodType<SchemaNode> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    $defs: z.record(z.string(), schemaNode).optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    default: z.unknown().optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    anyOf: z.array(schemaNode).optional(),
    items: z.union([schemaNode, z.literal(false)]).optional(),
    prefixItems: z.array(schemaNode).optional(),
    properties: z.record(z.string(), schemaNode).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([schemaNode, z.boolean()]).optional(),
    refused: z.string().optional(),
  }),
);

/** The definitions of the language's schema by their ids; `spec` is the whole. */
export function languageDefinitions(): Readonly<Record<string, SchemaNode>> {
  const written = z.toJSONSchema(specSchema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const refused = describeRefusal(readingRuleOf(zodSchema), jsonSchema);
      if (refused !== null) jsonSchema['refused'] = refused;
    },
  });
  const { $defs } = schemaNode.parse(written);
  if ($defs?.['spec'] === undefined) throw new Error('the schema of the language has no definition `spec`');
  return $defs;
}

function describeRefusal({ notYet }: ReadingRule, { default: usual, enum: values }: z.core.JSONSchema.BaseSchema): string | null {
  if (notYet === undefined) return null;
  const refusedValues = (values ?? []).filter((value) => notYet(value) !== null);
  if (refusedValues.length > 0) return `Not in this version: ${refusedValues.map((value) => `\`${String(value)}\``).join(', ')}.`;
  return usual === undefined ? 'Not in this version.' : 'In this version only the default.';
}
