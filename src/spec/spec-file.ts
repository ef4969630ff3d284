import { folderOfPath, resolvePath } from '../base/resolve-path.ts';
import type { SourceFile, SourceRange } from '../diagnostics/source.ts';
import { decodeText } from './decode-text.ts';
import type { ReadFailure, SpecHost } from './loaded-spec.ts';
import { parseYaml } from './parse-yaml.ts';
import type { Findings } from './read/findings.ts';
import type { YamlTree } from './yaml-tree.ts';

/** A spec larger than this is refused unread. */
export const maxSpecBytes = 8 * 1024 * 1024;

/** One file of a spec, with where it stands. */
export interface SpecFile {
  /** Absolute; what tells files apart. */
  readonly path: string;
  /** Absolute. */
  readonly folder: string;
  readonly tree: YamlTree;
}

/** Reads and parses the main file; `-` is standard input, a folder stands for the spec in it. */
export function openMainFile(name: string, host: SpecHost, findings: Findings): SpecFile | null {
  if (name === '-') {
    const read = host.readStandardInput(maxSpecBytes);
    if (read.ok) return parsed(name, resolvePath(host.currentFolder, 'standard input'), read.value, findings, null);
    reportMain(name, read.error, findings);
    return null;
  }
  const candidates = [name, `${name.replace(/\/+$/, '')}/mpctl.yaml`, `${name.replace(/\/+$/, '')}/mpctl.yml`];
  for (const candidate of candidates) {
    const path = resolvePath(host.currentFolder, candidate);
    const read = host.readFile(path, maxSpecBytes);
    if (read.ok) return parsed(candidate, path, read.value, findings, null);
    const { reason } = read.error;
    if (candidate === name ? reason === 'folder' : reason === 'missing') continue;
    reportMain(candidate, read.error, findings);
    return null;
  }
  findings.report('MP012', `the folder \`${name}\` has no \`mpctl.yaml\` and no \`mpctl.yml\``, null, 'name the file itself if it is called otherwise');
  return null;
}

/** Reads and parses an included file; `range` is where it is named. */
export function openIncludedFile(path: string, name: string, range: SourceRange, host: SpecHost, findings: Findings): SpecFile | null {
  const read = host.readFile(path, maxSpecBytes);
  if (read.ok) return parsed(name, path, read.value, findings, range);
  if (read.error.reason === 'too_large') {
    findings.report('MP113', tooLarge(name), range);
  } else {
    findings.report('MP127', `the included file \`${name}\` cannot be read: ${whyUnread(read.error)}`, range, read.error.reason === 'missing' ? 'a path in `include` begins at the folder of the file that it stands in' : null);
  }
  return null;
}

function parsed(name: string, path: string, bytes: Uint8Array, findings: Findings, range: SourceRange | null): SpecFile | null {
  const text = decodeText(bytes);
  if (!text.ok) {
    const message =
      text.error === 'utf-16' ? `\`${name}\` is UTF-16, and a spec is UTF-8` : `\`${name}\` is not text: its bytes are not UTF-8`;
    findings.report('MP115', message, range, 'save it as UTF-8');
    return null;
  }
  const source: SourceFile = { name, text: text.value };
  const tree = parseYaml(source, findings);
  return tree === null ? null : { path, folder: folderOfPath(path), tree };
}

function reportMain(name: string, failure: ReadFailure, findings: Findings): void {
  switch (failure.reason) {
    case 'missing':
      findings.report('MP010', `the spec \`${name}\` does not exist`, null, 'look for a slip in the path, which begins at the current folder');
      return;
    case 'too_large':
      findings.report('MP113', tooLarge(name), null, 'for many like processes take `replicas`, a `matrix` or a pool with `tasks`');
      return;
    default:
      findings.report('MP011', `the spec \`${name}\` cannot be read: ${whyUnread(failure)}`, null);
  }
}

function tooLarge(name: string): string {
  return `\`${name}\` is larger than 8 MiB, and no spec is`;
}

function whyUnread({ reason, message }: ReadFailure): string {
  switch (reason) {
    case 'missing':
      return 'it does not exist';
    case 'folder':
      return 'it is a folder';
    case 'permission':
      return 'permission is denied';
    default:
      return message;
  }
}
