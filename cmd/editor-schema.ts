import { existsSync } from 'node:fs';
import path from 'node:path';

/** Name of the file in the package, and of a copy beside a spec. */
export const schemaFile = 'mpctl.schema.json';

/** Where a spec in a folder says that its JSON Schema is. */
export interface EditorSchema {
  /** As the comment writes it: relative, so that it is right on every machine that has the project. */
  readonly reference: string;
  /** Nothing is there: a copy has to be written beside the spec. */
  readonly isMissing: boolean;
}

/**
 * Where editors find the JSON Schema of a spec in this folder: in the nearest `node_modules` that has
 * mpctl, else in a file beside the spec. A copy of mpctl elsewhere on this machine is not taken, since
 * its path says nothing to anybody else.
 */
export function editorSchemaOf(folder: string): EditorSchema {
  for (let dir = folder; ; dir = path.dirname(dir)) {
    const file = path.join(dir, 'node_modules', 'mpctl', 'schemas', schemaFile);
    if (existsSync(file)) return { reference: fromHere(path.relative(folder, file)), isMissing: false };
    if (dir === path.dirname(dir)) break;
  }
  return { reference: fromHere(schemaFile), isMissing: !existsSync(path.join(folder, schemaFile)) };
}

/** Editors take a path without a dot at its beginning for a path within the folder that is open. */
function fromHere(relative: string): string {
  return relative.startsWith('.') ? relative : `./${relative}`;
}
