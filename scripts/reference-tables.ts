import { describeValue, isWord, referredId, type Definitions } from './schema-words.ts';
import type { SchemaNode } from './schema-node.ts';

/** Steps share these keys; they stand in a table of their own. */
const sharedStepKeys = ['as', 'timeout', 'block', 'on_timeout', 'allow_failure'];

/** Sections of the spec whose keys have a table of their own further down. */
const ownTables = ['processes', 'daemons', 'finally', 'pools', 'locks', 'semaphores', 'events', 'conditions', 'barriers', 'queues', 'pipes', 'values'];

const primitiveSections = ownTables.slice(ownTables.indexOf('locks'));

/** The reference of the language as Markdown: every key with its values, its default and its meaning. */
export function renderReference(definitions: Definitions): string {
  const spec = present(definitions, 'spec');
  return [
    '### The spec',
    keyTable(definitions, spec, ownTables),
    '### Locks, semaphores, events, conditions, barriers, queues, pipes, values',
    primitiveTable(definitions, spec),
    '### Processes, daemons and `finally`',
    keyTable(definitions, present(definitions, 'process'), []),
    '### Steps',
    stepTable(definitions),
    'Every step that can wait takes these keys, too:',
    sharedStepTable(definitions),
    '### Pools',
    'The keys that a pool shares with a process mean the same and are left out here.',
    keyTable(definitions, present(definitions, 'pool'), sharedWithProcess(definitions)),
  ].join('\n\n');
}

function present(definitions: Definitions, id: string): SchemaNode {
  const node = definitions[id];
  if (node === undefined) throw new Error(`the schema of the language has no definition \`${id}\``);
  return node;
}

interface KeyRow {
  readonly key: string;
  readonly node: SchemaNode;
  readonly required: boolean;
}

/** The keys of a mapping and of the mappings in it, as dotted paths. */
function keyRows(definitions: Definitions, node: SchemaNode, prefix: string): readonly KeyRow[] {
  const mappings = mappingsOf(definitions, node);
  return mappings.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).flatMap(([key, value]) => [
      // Where there are several shapes, their required keys are what tells them apart.
      { key: `${prefix}${key}`, node: value, required: mappings.length === 1 && required.includes(key) },
      ...keyRows(definitions, value, `${prefix}${key}.`),
    ]),
  );
}

/** The shapes with keys of their own that may stand here. */
function mappingsOf(definitions: Definitions, node: SchemaNode): readonly SchemaNode[] {
  const id = referredId(node);
  if (id !== null) return isWord(id) ? [] : mappingsOf(definitions, present(definitions, id));
  if (node.anyOf !== undefined) return node.anyOf.flatMap((branch) => mappingsOf(definitions, branch));
  if (typeof node.items === 'object') return mappingsOf(definitions, node.items);
  if (typeof node.additionalProperties === 'object') return mappingsOf(definitions, node.additionalProperties);
  return node.properties === undefined ? [] : [node];
}

function keyTable(definitions: Definitions, node: SchemaNode, without: readonly string[]): string {
  const seen = new Set<string>();
  const rows = keyRows(definitions, node, '').filter(({ key }) => {
    const left = without.includes(key.split('.')[0] ?? '') || seen.has(key);
    seen.add(key);
    return !left;
  });
  return table(
    ['key', 'value', 'default', 'meaning'],
    rows.map(({ key, node: value, required }) => [
      `\`${key}\``,
      describeValue(definitions, value),
      describeDefault(value, required),
      meaningOf(value),
    ]),
  );
}

function meaningOf({ description = '', refused = '' }: SchemaNode): string {
  return [description, refused].filter((sentence) => sentence !== '').join(' ');
}

function describeDefault(node: SchemaNode, required: boolean): string {
  if (required) return 'required';
  const isEmptyMap = typeof node.default === 'object' && node.default !== null && Object.keys(node.default).length === 0;
  if (node.default === undefined || isEmptyMap) return '';
  return `\`${typeof node.default === 'string' ? node.default : JSON.stringify(node.default)}\``;
}

function primitiveTable(definitions: Definitions, spec: SchemaNode): string {
  const rows = primitiveSections.flatMap((section) => {
    const node = spec.properties?.[section];
    if (node === undefined) return [];
    return [
      [`\`${section}\``, '', '', meaningOf(node)],
      ...keyRows(definitions, node, '').map(({ key, node: value, required }) => [
        `\`${section}.NAME.${key}\``,
        describeValue(definitions, value),
        describeDefault(value, required),
        meaningOf(value),
      ]),
    ];
  });
  // Both kinds of pipe have the key `capacity`; one line is enough for it.
  const once = new Map(rows.map((row) => [row[0], row]));
  return table(['key', 'value', 'default', 'meaning'], [...once.values()]);
}

function stepShapes(definitions: Definitions): readonly SchemaNode[] {
  return mappingsOf(definitions, present(definitions, 'step'));
}

function stepTable(definitions: Definitions): string {
  const rows = stepShapes(definitions).map(({ properties = {} }) => {
    const [verb = '', ...others] = Object.keys(properties);
    const node = properties[verb] ?? {};
    const own = others.filter((key) => !sharedStepKeys.includes(key));
    return [`\`${verb}\``, describeValue(definitions, node), own.map((key) => `\`${key}\``).join(', '), meaningOf(node)];
  });
  return table(['step', 'value', 'further keys', 'meaning'], rows);
}

function sharedStepTable(definitions: Definitions): string {
  const rows = sharedStepKeys.map((key) => {
    const node = stepShapes(definitions).find(({ properties }) => properties?.[key] !== undefined)?.properties?.[key] ?? {};
    return [`\`${key}\``, describeValue(definitions, node), describeDefault(node, false), key === 'as' ? 'Variable that takes what the step gives.' : meaningOf(node)];
  });
  return table(['key', 'value', 'default', 'meaning'], rows);
}

function sharedWithProcess(definitions: Definitions): readonly string[] {
  const ofProcess = present(definitions, 'process').properties ?? {};
  const ofPool = present(definitions, 'pool').properties ?? {};
  return Object.keys(ofPool).filter((key) => ofProcess[key]?.description === ofPool[key]?.description);
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [tableLine(head), tableLine(head.map(() => '---')), ...rows.map(tableLine)].join('\n');
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
