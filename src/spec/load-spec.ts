import type { Place } from '../base/place.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { checkNames } from './check-names.ts';
import { openIncludes } from './include.ts';
import { joinSpecs } from './join-specs.ts';
import type { LoadedSpec, SpecHost } from './loaded-spec.ts';
import { locate } from './locate.ts';
import { nameDoubts } from './name-doubts.ts';
import { Findings } from './read/findings.ts';
import { readDocument } from './read/read-document.ts';
import { namedSections, type IncludedSpec } from './schema/included.ts';
import { specSchema } from './schema/spec.ts';
import { openMainFile, type SpecFile } from './spec-file.ts';

/** A spec as far as it could be read, and everything that is wrong with it. */
export interface LoadResult {
  /** null where the file is no mapping in YAML. */
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
  const { value, gaps } = readDocument(specSchema, main.tree, findings);
  if (value === null) return { loaded: null, diagnostics: findings.sorted() };
  const included = openIncludes({ file: main, spec: value, gaps }, host, findings);
  const trees = [main, ...included.files.map(({ file }) => file)].map(({ tree }) => tree);
  const clashing = checkNames(trees, findings);
  for (const file of included.files) gaps.addAll(file.gaps);
  if (!included.isComplete) gaps.add(['include']);
  const fileOf = originFinder(main, included.files);
  const loaded: LoadedSpec = {
    spec: joinSpecs(value, included.files.map(({ spec }) => spec)),
    isWhole: !findings.hasErrors,
    gaps,
    names: nameDoubts(findings.hasErrors ? trees : [], clashing, included.isComplete),
    sources: trees.map(({ source }) => source),
    file: main.tree.source.name,
    locate: (place, part) => locate(fileOf(place).tree, gaps.written(place), part),
    folderOf: (place) => fileOf(place).folder,
  };
  return { loaded, diagnostics: findings.sorted() };
}

/** Finds the file in which a place is written: what an included file defines is its own. */
function originFinder(
  main: SpecFile,
  included: readonly { readonly file: SpecFile; readonly spec: IncludedSpec }[],
): (place: Place) => SpecFile {
  const origins = new Map<string, SpecFile>();
  for (const { file, spec } of included) {
    for (const section of namedSections) for (const name of Object.keys(spec[section])) origins.set(`${section} ${name}`, file);
  }
  return ([section = '', name = '']) => origins.get(`${section} ${name}`) ?? main;
}
