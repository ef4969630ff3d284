import { parseSync, type EcmaScriptModule } from 'oxc-parser';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** Root of the repository. */
export const root = join(import.meta.dirname, '../..');

/** One import or re-export, whether of values or of types. */
export interface Arrow {
  readonly from: string;
  /** A file of the repository for a relative import, else the package or `node:` module. */
  readonly to: string;
  readonly relative: boolean;
  readonly typeOnly: boolean;
}

/** A TypeScript file of the repository, parsed. */
export interface ParsedFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly module: EcmaScriptModule;
  readonly program: ReturnType<typeof parseSync>['program'];
  readonly comments: ReturnType<typeof parseSync>['comments'];
  readonly arrows: readonly Arrow[];
}

/** Parses every TypeScript file below the folder. */
export function parseFolder(folder: string): readonly ParsedFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
    .map((name) => posix.join(folder, name))
    .map((path) => parseText(path, readFileSync(join(root, path), 'utf8')));
}

/** Parses the text of a file that stands there, or would. */
export function parseText(path: string, text: string): ParsedFile {
  const { module, program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message ?? ''}`);
  return { path, text, module, program, comments, arrows: arrowsOf(path, text, module) };
}

function arrowsOf(path: string, text: string, module: EcmaScriptModule): readonly Arrow[] {
  const arrow = (specifier: string, typeOnly: boolean): Arrow => {
    const relative = specifier.startsWith('.');
    return { from: path, to: relative ? posix.join(dirname(path), specifier) : specifier, relative, typeOnly };
  };
  const imports = module.staticImports.map(({ moduleRequest, entries }) =>
    arrow(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType)),
  );
  const reExports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.moduleRequest === null ? [] : [arrow(entry.moduleRequest.value, entry.isType)])),
  );
  const dynamicImports = module.dynamicImports.map(({ moduleRequest }) =>
    arrow(text.slice(moduleRequest.start + 1, moduleRequest.end - 1), false),
  );
  // `import('./x.ts').Y` in a type is an arrow too, and the parser's summary leaves it out.
  const typeQueries = [...text.matchAll(/\bimport\('([^']+)'\)\s*\./g)].map(([, specifier = '']) =>
    arrow(specifier, true),
  );
  return [...imports, ...reExports, ...dynamicImports, ...typeQueries];
}

/** Line number of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
