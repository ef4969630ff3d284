import { isMap, isSeq, type Node } from 'yaml';
import type * as z from 'zod';
import type { YamlTree } from '../yaml-tree.ts';
import type { Findings } from './findings.ts';
import { formHint } from './form-hint.ts';
import { ReadContext } from './read-context.ts';
import { readValue } from './read-value.ts';
import { shapeOf } from './shape.ts';

/** What came of reading a document. */
export interface ReadDocument<T> {
  /** What `schema.parse` would give; null where something was found that makes it something else. */
  readonly whole: T | null;
  /** What could be read all the same; null where the document is no mapping. */
  readonly partial: unknown;
}

/** Reads a whole document by a schema and reports everything in it that does not fit. */
export function readDocument<T extends z.ZodType>(schema: T, tree: YamlTree, findings: Findings): ReadDocument<z.infer<T>> {
  const { root, source } = tree;
  if (root === null) {
    const hint = 'begin with `processes: {hello: {command: [echo, hello]}}`';
    findings.report('MP112', `\`${source.name}\` is empty, and a spec is a mapping`, { source, start: 0, end: 0 }, hint);
    return { whole: null, partial: null };
  }
  if (!isMap(root)) {
    const message = 'a spec is a mapping of keys such as `processes`, and this is none';
    findings.report('MP103', message, tree.rangeOf(root), processesHint(schema, tree, root));
    return { whole: null, partial: null };
  }
  const context = new ReadContext(tree, findings);
  context.reportUnresolvedAliases();
  const value = readValue(context, shapeOf(schema), root, { label: 'the spec', node: root });
  return { whole: isWhole(schema, value, findings) ? value : null, partial: value };
}

/** A list of processes, as some tools have it, with the key that it needs. */
function processesHint(schema: z.core.$ZodType, tree: YamlTree, root: Node): string {
  const shape = shapeOf(schema);
  const section = shape.type === 'mapping' ? shape.members.get('processes') : undefined;
  const hint = section === undefined || !isSeq(root) ? null : formHint(tree, shapeOf(section.schema), root, { label: '`processes`', node: root });
  return hint ?? 'begin with `processes:`';
}

/** Without a finding the reader has built what the schema describes; a property test parses it again. */
function isWhole<T extends z.ZodType>(_schema: T, value: unknown, findings: Findings): value is z.infer<T> {
  return value !== undefined && !findings.hasErrors;
}
