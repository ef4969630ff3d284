import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from '../src/base/did-you-mean.ts';
import { err, ok, type Result } from '../src/base/result.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { describeSystemError } from './system-error.ts';

/** File names of a spec, in the order in which they are looked for. */
export const specNames = ['mpctl.yaml', 'mpctl.yml'] as const;

/** So many names are listed where one was not found. */
const shownNames = 8;

/** The argument that stands for standard input. */
export const stdinArgument = '-';

/**
 * Finds the spec that an argument means: a file, a folder with a spec in it, `-` for standard input, or
 * without an argument the spec of the working folder. The path comes back as the user would write it.
 */
export function findSpec(argument: string | undefined, workingDir: string): Result<string, Diagnostic> {
  if (argument === stdinArgument) return ok(stdinArgument);
  if (argument === undefined) {
    const found = specNames.find((name) => existsSync(path.join(workingDir, name)));
    if (found !== undefined) return ok(found);
    return err(
      makeDiagnostic('MP010', `there is no \`${specNames[0]}\` and no \`${specNames[1]}\` in this folder`, {
        hint: '`mpctl init` writes one to begin with; `mpctl run FILE` takes another',
      }),
    );
  }
  const absolute = path.resolve(workingDir, argument);
  try {
    if (!statSync(absolute).isDirectory()) return ok(argument);
  } catch (error) {
    const { code, sentence } = describeSystemError(error);
    return err(
      code === 'ENOENT'
        ? makeDiagnostic('MP010', `the spec \`${argument}\` does not exist`, { hint: hintForMissing(argument, workingDir) })
        : makeDiagnostic('MP011', `the spec \`${argument}\` cannot be read: ${sentence}`),
    );
  }
  const found = specNames.find((name) => existsSync(path.join(absolute, name)));
  return found === undefined ? err(folderWithoutSpec(argument, absolute)) : ok(path.join(argument, found));
}

/**
 * What a call of `run` may have meant by names that are no process: folders, which stand for the spec in
 * them, but have none.
 */
export function foldersWithoutSpec(names: readonly string[], workingDir: string): readonly Diagnostic[] {
  return names.flatMap((name) => {
    const folder = path.resolve(workingDir, name);
    return isFolder(folder) && !holdsSpec(folder) ? [folderWithoutSpec(name, folder)] : [];
  });
}

function folderWithoutSpec(written: string, folder: string): Diagnostic {
  const others = yamlFilesIn(folder).map((name) => path.join(written, name));
  return makeDiagnostic('MP012', `the folder \`${written}\` has no \`${specNames[0]}\` and no \`${specNames[1]}\``, {
    hint: others.length === 0 ? `\`cd ${written} && mpctl init\` writes one` : `name the file itself: ${listOf(others)}`,
  });
}

/** The spec that a call of `run` named, if any, and the names behind it. */
export interface SpecAndNames {
  readonly spec: string | undefined;
  readonly names: readonly string[];
}

/**
 * Divides the arguments of `run`: the first is the spec if it ends in `.yaml` or `.yml`, is a folder, or
 * is `-`. A folder without a spec beside a spec (`test`, `build`) does not hide the process of its name.
 */
export function splitSpecAndNames(written: readonly string[], workingDir: string): SpecAndNames {
  const [first, ...rest] = written;
  if (first === undefined || meansSpec(first, workingDir)) return { spec: first, names: rest };
  return { spec: undefined, names: written };
}

function meansSpec(argument: string, workingDir: string): boolean {
  if (argument === stdinArgument || /\.ya?ml$/u.test(argument) || argument.includes('/')) return true;
  const folder = path.resolve(workingDir, argument);
  return isFolder(folder) && (holdsSpec(folder) || !holdsSpec(workingDir));
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function holdsSpec(folder: string): boolean {
  return specNames.some((name) => existsSync(path.join(folder, name)));
}

function hintForMissing(argument: string, workingDir: string): string {
  const folder = path.dirname(argument);
  const files = yamlFilesIn(path.resolve(workingDir, folder));
  const meant = didYouMean(path.basename(argument), files);
  if (meant !== null) return `did you mean \`${path.join(folder, meant)}\`?`;
  if (files.length > 0) return `the folder has ${listOf(files)}`;
  const isDefault = specNames.some((name) => name === path.basename(argument));
  return isDefault ? '`mpctl init` writes one to begin with' : 'the path begins at the current folder';
}

/** The first few of them in backticks. */
function listOf(names: readonly string[]): string {
  const rest = names.length - shownNames;
  return names
    .slice(0, shownNames)
    .map((name) => `\`${name}\``)
    .concat(rest > 0 ? [`${String(rest)} more`] : [])
    .join(', ');
}

function yamlFilesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/u.test(name))
      .toSorted();
  } catch {
    // A folder that is missing or may not be read has nothing to suggest.
    return [];
  }
}
