import type * as z from 'zod';
import { invariant, unreachable } from '../../base/invariant.ts';
import { readingRuleOf, type ReadingRule } from '../schema/reading.ts';

/** A key that a mapping may have. */
export interface Member {
  readonly key: string;
  readonly schema: z.core.$ZodType;
  readonly required: boolean;
  /** What stands in for a key that is not there; shared by all who lack it. */
  readonly fallback: unknown;
  readonly rule: ReadingRule;
}

/** A mapping with known keys. */
export interface MappingShape {
  readonly type: 'mapping';
  readonly members: ReadonlyMap<string, Member>;
  /** What any other key holds; null where there is no other key. */
  readonly others: z.core.$ZodType | null;
  readonly rule: ReadingRule;
}

/** A mapping from names that the user chooses. */
export interface RecordShape {
  readonly type: 'record';
  readonly key: z.core.$ZodType;
  readonly value: z.core.$ZodType;
  readonly rule: ReadingRule;
}

/** A list; `elements` has one schema for all, or one for each place. */
export interface ListShape {
  readonly type: 'list';
  readonly schema: z.core.$ZodType;
  readonly elements: readonly z.core.$ZodType[];
  readonly fewest: number;
  readonly most: number;
  readonly rule: ReadingRule;
}

/** A scalar, checked by its own zod schema. */
export interface LeafShape {
  readonly type: 'leaf';
  readonly schema: z.core.$ZodType;
  readonly rule: ReadingRule;
  /** null accepts only null. */
  readonly isNull: boolean;
}

/** Any value. */
export interface FreeShape {
  readonly type: 'free';
  readonly rule: ReadingRule;
}

/** Alternatives, of which the written value itself says which is meant. */
export interface UnionShape {
  readonly type: 'union';
  /** Also `${{ }}`. */
  readonly interpolable: boolean;
  readonly leaves: readonly LeafShape[];
  readonly list: ListShape | null;
  readonly mappings: readonly (MappingShape | RecordShape)[];
  readonly rule: ReadingRule;
}

/** What a zod schema wants to see, in the terms in which YAML is read. */
export type Shape = MappingShape | RecordShape | ListShape | LeafShape | FreeShape | UnionShape;

const shapes = new WeakMap<z.core.$ZodType, Shape>();

/** The shape of a schema; built at its first use, since steps hold steps. */
export function shapeOf(schema: z.core.$ZodType): Shape {
  let shape = shapes.get(schema);
  if (shape === undefined) {
    shape = build(schema);
    shapes.set(schema, shape);
  }
  return shape;
}

type Definition = z.core.$ZodTypes['_zod']['def'];

function definitionOf(schema: z.core.$ZodType): Definition {
  invariant(isOfZod(schema), 'a schema is made by zod');
  return schema._zod.def;
}

/** zod publishes its own types as one union; a schema is typed as their base, which others may extend. */
function isOfZod(schema: z.core.$ZodType): schema is z.core.$ZodTypes {
  return 'type' in schema._zod.def;
}

/** The same for the checks of a schema. */
function isCheckOfZod(check: z.core.$ZodCheck): check is z.core.$ZodChecks {
  return 'check' in check._zod.def;
}

function build(schema: z.core.$ZodType): Shape {
  const rule = readingRuleOf(schema);
  if (rule.free === true) return { type: 'free', rule };
  const definition = definitionOf(schema);
  switch (definition.type) {
    case 'optional':
    case 'default':
    case 'prefault': {
      const inner = shapeOf(definition.innerType);
      return { ...inner, rule: { ...inner.rule, ...rule } };
    }
    case 'lazy': {
      const inner = shapeOf(definition.getter());
      return { ...inner, rule: { ...inner.rule, ...rule } };
    }
    case 'object':
      return {
        type: 'mapping',
        members: membersOf(definition.shape),
        others: definition.catchall === undefined || definitionOf(definition.catchall).type === 'never' ? null : definition.catchall,
        rule,
      };
    case 'record':
      return { type: 'record', key: definition.keyType, value: definition.valueType, rule };
    case 'array':
      return { type: 'list', schema, elements: [definition.element], ...lengthsOf(schema), rule };
    case 'tuple':
      return {
        type: 'list',
        schema,
        elements: definition.items,
        fewest: definition.items.length,
        most: definition.items.length,
        rule,
      };
    case 'union':
      return buildUnion(definition.options, rule);
    default:
      return { type: 'leaf', schema, rule, isNull: definition.type === 'null' };
  }
}

function lengthsOf(schema: z.core.$ZodType): { readonly fewest: number; readonly most: number } {
  let fewest = 0;
  let most = Infinity;
  for (const check of definitionOf(schema).checks ?? []) {
    invariant(isCheckOfZod(check), 'a check is made by zod');
    const limit = check._zod.def;
    if (limit.check === 'min_length') fewest = limit.minimum;
    if (limit.check === 'max_length') most = limit.maximum;
  }
  return { fewest, most };
}

function membersOf(shape: Readonly<Record<string, z.core.$ZodType>>): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  for (const [key, schema] of Object.entries(shape)) {
    members.set(key, {
      key,
      schema,
      required: !['optional', 'default', 'prefault'].includes(definitionOf(schema).type),
      fallback: fallbackOf(schema),
      rule: shapeOf(schema).rule,
    });
  }
  return members;
}

function fallbackOf(schema: z.core.$ZodType): unknown {
  const definition = definitionOf(schema);
  switch (definition.type) {
    case 'optional':
      return undefined;
    case 'default':
      return definition.defaultValue;
    case 'prefault':
      return filled(shapeOf(definition.innerType));
    default:
      return undefined;
  }
}

/** An empty mapping with the defaults of its keys. */
function filled(shape: Shape): unknown {
  if (shape.type !== 'mapping') return undefined;
  return Object.fromEntries(
    [...shape.members.values()].flatMap(({ key, fallback }) => (fallback === undefined ? [] : [[key, fallback]])),
  );
}

function buildUnion(options: readonly z.core.$ZodType[], rule: ReadingRule): UnionShape {
  let interpolable = false;
  let list: ListShape | null = null;
  const leaves: LeafShape[] = [];
  const mappings: (MappingShape | RecordShape)[] = [];
  const take = (shape: Shape): void => {
    switch (shape.type) {
      case 'leaf':
        leaves.push(shape);
        return;
      case 'list':
        list = shape;
        return;
      case 'mapping':
      case 'record':
        mappings.push({ ...shape, rule: { ...rule, ...shape.rule } });
        return;
      case 'union':
        interpolable ||= shape.interpolable;
        leaves.push(...shape.leaves);
        list = shape.list ?? list;
        mappings.push(...shape.mappings);
        return;
      case 'free':
        return;
      default:
        unreachable(shape);
    }
  };
  for (const option of options) {
    if (definitionOf(option).type === 'template_literal') interpolable = true;
    else take(shapeOf(option));
  }
  return { type: 'union', interpolable, leaves, list, mappings, rule };
}
