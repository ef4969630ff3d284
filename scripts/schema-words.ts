import type { SchemaNode } from './schema-node.ts';

/** The definitions of a schema by their ids. */
export type Definitions = Readonly<Record<string, SchemaNode>>;

/** Definitions that are a word of the language rather than a set of keys. */
const words: Readonly<Record<string, string>> = {
  duration: 'duration',
  longest_time: 'duration',
  signal: 'signal',
  command: 'command',
  name: 'name',
  reference: 'name',
  variable: 'name',
  json: 'any value',
  textual_json: 'text or list or map',
  byte_size: 'size',
  percentage: 'percentage',
  holds: 'holds',
  step: 'step',
  environment: 'map or list',
  env_file: 'path or list',
  matrix: 'map',
};

/** The id of a definition that this node refers to; null where it refers to none. */
export function referredId(node: SchemaNode): string | null {
  return node.$ref === undefined ? null : node.$ref.replace('#/$defs/', '');
}

/** Whether a definition is a word of the language, explained once, and not a set of keys for a table. */
export function isWord(id: string): boolean {
  return id in words || id === 'interpolated' || id.startsWith('__');
}

/** `${{ … }}` may stand for nearly every value, and no table has to repeat that. */
function isInterpolation(node: SchemaNode): boolean {
  return referredId(node) === 'interpolated';
}

/** What may stand here, in a few words: `duration`, `number`, `list of names`, `stop`, `continue`. */
export function describeValue(definitions: Definitions, node: SchemaNode): string {
  return [...new Set(valueWords(definitions, node))].join(' · ');
}

function valueWords(definitions: Definitions, node: SchemaNode): readonly string[] {
  const id = referredId(node);
  if (id !== null) {
    const word = words[id];
    return word === undefined ? valueWords(definitions, definitions[id] ?? {}) : [word];
  }
  if (node.anyOf !== undefined) {
    return node.anyOf.filter((branch) => !isInterpolation(branch)).flatMap((branch) => valueWords(definitions, branch));
  }
  if (node.const !== undefined) return [`\`${JSON.stringify(node.const)}\``];
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``);
  switch (node.type) {
    case 'array':
      return [listWords(definitions, node)];
    case 'object':
      return ['map'];
    case 'integer':
      return ['number'];
    case 'string':
      return ['text'];
    case 'boolean':
      return ['`true`', '`false`'];
    case 'null':
      return ['`null`'];
    default:
      return node.type === undefined ? ['any value'] : [node.type].flat();
  }
}

function listWords(definitions: Definitions, { items, prefixItems }: SchemaNode): string {
  const item = items === false || items === undefined ? prefixItems?.[0] : items;
  return item === undefined ? 'list' : `list of ${describeValue(definitions, item).replaceAll(' · ', ' or ')}`;
}
