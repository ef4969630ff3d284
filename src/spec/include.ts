import { parseTemplate } from '../base/parse-template.ts';
import { renderTemplate } from '../base/render-template.ts';
import { resolvePath } from '../base/resolve-path.ts';
import type { SourceRange } from '../diagnostics/source.ts';
import type { SpecHost } from './loaded-spec.ts';
import { locate } from './locate.ts';
import type { Findings } from './read/findings.ts';
import { readDocument } from './read/read-document.ts';
import { includedSchema, type IncludedSpec } from './schema/included.ts';
import { openIncludedFile, type SpecFile } from './spec-file.ts';

/** An included file and what it brings; null where something is wrong with it. */
export interface IncludedFile {
  readonly file: SpecFile;
  readonly spec: IncludedSpec | null;
}

/** Where a file is named by another. */
interface Include {
  readonly path: string;
  readonly range: SourceRange;
}

/**
 * Reads what a file includes, and what that includes, depth first in the order written. A file that
 * several others include is read once.
 */
export function openIncludes(main: SpecFile, value: unknown, host: SpecHost, findings: Findings): readonly IncludedFile[] {
  const known = new Set<string>();
  const found: IncludedFile[] = [];
  const follow = (file: SpecFile, partial: unknown, chain: readonly SpecFile[]): void => {
    for (const { path, range } of includesOf(file, partial, host, findings)) {
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
      if (opened === null) continue;
      const read = readDocument(includedSchema, opened.tree, findings);
      found.push({ file: opened, spec: read.whole });
      follow(opened, read.partial, [...chain, opened]);
    }
  };
  follow(main, value, [main]);
  return found;
}

function includesOf(file: SpecFile, partial: unknown, host: SpecHost, findings: Findings): readonly Include[] {
  if (typeof partial !== 'object' || partial === null || !('include' in partial)) return [];
  const { include } = partial;
  const paths: readonly unknown[] = Array.isArray(include) ? include : [include];
  return paths.flatMap((path, index) => {
    if (typeof path !== 'string') return [];
    const range = locate(file.tree, Array.isArray(include) ? ['include', index] : ['include'], 'value');
    const filled = fillIn(path, host, range, findings);
    return filled === null ? [] : [{ path: filled, range }];
  });
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
