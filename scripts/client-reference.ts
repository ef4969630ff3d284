import { readFileSync } from 'node:fs';

const declarations = new URL('../dist/types/src/client/', import.meta.url);

/** The files that declare what a program can name, in the order of the page. */
const files = [
  'connect', 'open-stream', 'run', 'wait-options', 'lock', 'semaphore', 'held', 'holders', 'event', 'condition', 'barrier', 'queue', 'pipe', 'value',
  'pool', 'task', 'task-failed', 'process', 'process-state', 'worker', 'serve', 'mpctl-error', 'errors',
] as const;

/** Names that `mpctl/client` gives. */
export function exportedNames(): readonly string[] {
  const text = readFileSync(new URL('library.d.ts', declarations), 'utf8');
  const lists = [...text.matchAll(/^export (?:type )?\{(?<names>[^}]*)\}/gmu)].map(({ groups }) => groups?.['names'] ?? '');
  return lists.flatMap((names) => names.split(',').map((name) => name.replace('type ', '').trim())).filter((name) => name !== '');
}

/** What the declarations of the client for TypeScript are, as the build has made them, without what is no user's. */
export function clientReference(): string {
  const names = new Set(exportedNames());
  return files
    .map((file) => readFileSync(new URL(`${file}.d.ts`, declarations), 'utf8'))
    .map((text) => `\`\`\`ts\n${declared(text).filter((one) => names.has(nameOf(one) ?? '')).join('\n')}\n\`\`\``)
    .join('\n\n');
}

/** The name of one declaration. */
export function nameOf(declaration: string): string | undefined {
  return /^(?:abstract )?(?:class|interface|function|type|const) (?<name>\w+)/mu.exec(declaration)?.groups?.['name'];
}

/** Each with the comment before it. */
function declared(text: string): readonly string[] {
  return text
    .replaceAll(/^import [^;]*;\n/gmu, '')
    .replaceAll(/^ {4}#private;\n/gmu, '')
    // Objects come from a run, and from nowhere else.
    .replaceAll(/(?: {4}\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)? {4}(?:(?:private )?constructor\(|static )[^\n]*\n/gu, '')
    .replaceAll(/^export (?:declare )?/gmu, '')
    .split(/\n(?=\/\*\*)|(?<!\*\/)\n(?=(?:abstract )?(?:class|interface|function|type|const) )/u)
    .map((one) => one.trim());
}
