import { isMap, isSeq, type Node } from 'yaml';
import type * as z from 'zod';
import { Gaps } from '../gaps.ts';
import type { YamlTree } from '../yaml-tree.ts';
import type { Findings } from './findings.ts';
import { formHint } from './form-hint.ts';
import { ReadContext } from './read-context.ts';
import { readValue } from './read-value.ts';
import { shapeOf } from './shape.ts';

/** What came of reading a document. */
export interface ReadDocument<T> {
  /** As far as it could be read, what is missing left out or by its default; null where the document is no mapping. */
  readonly value: T | null;
  /** What could not be read. */
  readonly gaps: Gaps;
}

/** Reads a whole document by a schema and reports everything in it that does not fit. */
export function readDocument<T extends z.ZodType>(schema: T, tree: YamlTree, findings: Findings): ReadDocument<z.infer<T>> {
  const { root, source } = tree;
  const gaps = new Gaps();
  if (root === null) {
    const hint = 'begin with `processes: {hello: {command: [echo, hello]}}`';
    findings.report('MP112', `\`${source.name}\` is empty, and a spec is a mapping`, { source, start: 0, end: 0 }, hint);
    return { value: null, gaps };
  }
  if (!isMap(root)) {
    const message = 'a spec is a mapping of keys such as `processes`, and this is none';
    findings.report('MP103', message, tree.rangeOf(root), processesHint(schema, tree, root));
    return { value: null, gaps };
  }
  const context = new ReadContext(tree, findings, gaps);
  context.reportUnresolvedAliases();
  const value = readValue(context, shapeOf(schema), root, { label: 'the spec', node: root });
  return { value: isOfShape(schema, value) ? value : null, gaps };
}

/** A list of processes, as some tools have it, with the key that it needs. */
function processesHint(schema: z.core.$ZodType, tree: YamlTree, root: Node): string {
  const shape = shapeOf(schema);
  const section = shape.type === 'mapping' ? shape.members.get('processes') : undefined;
  const hint = section === undefined || !isSeq(root) ? null : formHint(tree, shapeOf(section.schema), root, { label: '`processes`', node: root });
  return hint ?? 'begin with `processes:`';
}

/** The reader builds what the schema describes, whatever it finds; property tests parse it again. */
function isOfShape<T extends z.ZodType>(_schema: T, value: unknown): value is z.infer<T> {
  return value !== undefined;
}
