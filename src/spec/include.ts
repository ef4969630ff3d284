import { parseTemplate } from '../base/parse-template.ts';
import { renderTemplate } from '../base/render-template.ts';
import { resolvePath } from '../base/resolve-path.ts';
import type { SourceRange } from '../diagnostics/source.ts';
import type { Gaps } from './gaps.ts';
import type { SpecHost } from './loaded-spec.ts';
import { locate } from './locate.ts';
import type { Findings } from './read/findings.ts';
import { readDocument } from './read/read-document.ts';
import { includedSchema, type IncludedSpec } from './schema/included.ts';
import { openIncludedFile, type SpecFile } from './spec-file.ts';

/** An included file and what it brings. */
export interface IncludedFile {
  readonly file: SpecFile;
  readonly spec: IncludedSpec;
  /** What of it could not be read. */
  readonly gaps: Gaps;
}

/** What files are included with, and whether any of them could not be read. */
export interface Includes {
  readonly files: readonly IncludedFile[];
  readonly isComplete: boolean;
}

/** A file with what could be read of it. */
type ReadFile = Pick<IncludedFile, 'file' | 'gaps'> & { readonly spec: Pick<IncludedSpec, 'include'> };

/** Where a file is named by another. */
interface Include {
  readonly path: string;
  readonly range: SourceRange;
}

/**
 * Reads what a file includes, and what that includes, depth first in the order written. A file that
 * several others include is read once.
 */
export function openIncludes(main: ReadFile, host: SpecHost, findings: Findings): Includes {
  const known = new Set<string>();
  const files: IncludedFile[] = [];
  let isComplete = true;
  const follow = (reading: ReadFile, chain: readonly SpecFile[]): void => {
    const { file } = reading;
    const named = includesOf(reading, host, findings);
    isComplete &&= named.isComplete;
    for (const { path, range } of named.includes) {
      const absolute = resolvePath(file.folder, path);
      const cycleStart = chain.findIndex((each) => each.path === absolute);
      if (cycleStart !== -1) {
        const names = chain.slice(cycleStart).map((each) => `\`${each.tree.source.name}\``);
        findings.report('MP128', `the file includes itself: ${[...names, names[0]].join(' → ')}`, range, 'put what both need into a third file');
        continue;
      }
      if (known.has(absolute)) continue;
      known.add(absolute);
      const opened = openIncludedFile(absolute, nameBeside(file.tree.source.name, path), range, host, findings);
      const read = opened === null ? null : readDocument(includedSchema, opened.tree, findings);
      if (opened === null || read === null || read.value === null) {
        isComplete = false;
        continue;
      }
      const included = { file: opened, spec: read.value, gaps: read.gaps };
      files.push(included);
      follow(included, [...chain, opened]);
    }
  };
  follow(main, [main.file]);
  return { files, isComplete };
}

function includesOf(
  { file, spec: { include }, gaps }: ReadFile,
  host: SpecHost,
  findings: Findings,
): { readonly includes: readonly Include[]; readonly isComplete: boolean } {
  const paths = Array.isArray(include) ? include : [include ?? []].flat();
  const includes = paths.flatMap((path, index): readonly Include[] => {
    const place = gaps.written(Array.isArray(include) ? ['include', index] : ['include']);
    const range = locate(file.tree, place, 'value');
    const filled = fillIn(path, host, range, findings);
    return filled === null ? [] : [{ path: filled, range }];
  });
  return { includes, isComplete: includes.length === paths.length && gaps.at(['include']) === undefined };
}

/** Before anything is read only mpctl's own environment and the machine are known. */
function fillIn(path: string, host: SpecHost, range: SourceRange, findings: Findings): string | null {
  const parsed = parseTemplate(path);
  // The reader has reported what is wrong with it.
  if (!parsed.ok) return null;
  const rendered = renderTemplate(parsed.value, ([root = '', name = '']) => {
    if (root === 'cpu_count') return host.cpuCount;
    return root === 'env' ? host.environment[name] : undefined;
  });
  if (rendered.ok) return typeof rendered.value === 'string' ? rendered.value : JSON.stringify(rendered.value);
  const { source } = rendered.error.expression;
  findings.report('MP121', `\`\${{ ${source} }}\` is not set where files are included`, range, `write what stands in for it: \`\${{ ${source} || 'default' }}\``);
  return null;
}

/** The name of an included file as the user would write it: beside the file that names it. */
function nameBeside(parent: string, path: string): string {
  const folder = parent.slice(0, parent.lastIndexOf('/') + 1);
  return path.startsWith('/') ? path : `${folder}${path.replace(/^(?:\.\/)+/, '')}`;
}
