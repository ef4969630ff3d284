import type { Place } from '../base/place.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { checkNames } from './check-names.ts';
import { openIncludes } from './include.ts';
import { joinSpecs } from './join-specs.ts';
import type { LoadedSpec, SpecHost } from './loaded-spec.ts';
import { locate } from './locate.ts';
import { Findings } from './read/findings.ts';
import { readDocument } from './read/read-document.ts';
import { namedSections, type IncludedSpec } from './schema/included.ts';
import { specSchema } from './schema/spec.ts';
import { openMainFile, type SpecFile } from './spec-file.ts';

/** A spec, or null where something is wrong with it, and everything that is. */
export interface LoadResult {
  readonly loaded: LoadedSpec | null;
  /** In the order of the files and places. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a spec and the files it includes, and checks their text, shape and names. All findings of all
 * files come in one run. `path` is what the user named: a file, a folder with a spec in it, or `-` for
 * standard input.
 */
export function loadSpec(path: string, host: SpecHost): LoadResult {
  const findings = new Findings();
  const main = openMainFile(path, host, findings);
  if (main === null) return { loaded: null, diagnostics: findings.sorted() };
  const { whole, partial } = readDocument(specSchema, main.tree, findings);
  const included = openIncludes(main, partial, host, findings);
  checkNames([main.tree, ...included.map(({ file }) => file.tree)], findings);
  const diagnostics = findings.sorted();
  if (whole === null || findings.hasErrors) return { loaded: null, diagnostics };
  const specs = included.flatMap(({ spec }) => (spec === null ? [] : [spec]));
  const fileOf = originFinder(main, included);
  const loaded: LoadedSpec = {
    spec: joinSpecs(whole, specs),
    file: main.tree.source.name,
    locate: (place, part) => locate(fileOf(place).tree, place, part),
    folderOf: (place) => fileOf(place).folder,
  };
  return { loaded, diagnostics };
}

/** Finds the file in which a place is written: what an included file defines is its own. */
function originFinder(
  main: SpecFile,
  included: readonly { readonly file: SpecFile; readonly spec: IncludedSpec | null }[],
): (place: Place) => SpecFile {
  const origins = new Map<string, SpecFile>();
  for (const { file, spec } of included) {
    if (spec === null) continue;
    for (const section of namedSections) for (const name of Object.keys(spec[section])) origins.set(`${section} ${name}`, file);
  }
  return ([section = '', name = '']) => origins.get(`${section} ${name}`) ?? main;
}
