import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { MachineFactory } from '../sync/machine.ts';

/** One wrong variant: `find` stands once in `src/sync/FILE`, and `replace` makes it wrong. */
export interface Mutant {
  /** What is wrong with it. */
  readonly fault: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const folder = fileURLToPath(new URL('../../../src/sync/', import.meta.url));

/** Builds the table with one fault in it; null builds it as it is. */
export async function createMachineWith(mutant: Mutant | null): Promise<MachineFactory> {
  const { outputFiles } = await build({
    entryPoints: [`${folder}sync-table.ts`],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'mutant',
        setup: (bundler) => {
          if (mutant === null) return;
          bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) =>
            path === folder + mutant.file ? { loader: 'ts', contents: await mutate(path, mutant) } : undefined,
          );
        },
      },
    ],
  });
  const source = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  const module: unknown = await import(/* @vite-ignore */ `data:text/javascript;base64,${source}`);
  if (!isTableModule(module)) throw new Error('the bundle exports no SyncTable');
  const { SyncTable } = module;
  return (definitions) => new SyncTable(definitions);
}

async function mutate(path: string, { find, replace }: Mutant): Promise<string> {
  const parts = (await readFile(path, 'utf8')).split(find);
  if (parts.length !== 2) throw new Error(`the text stands ${String(parts.length - 1)} times in ${path}: ${find}`);
  return parts.join(replace);
}

function isTableModule(
  module: unknown,
): module is { readonly SyncTable: new (...input: Parameters<MachineFactory>) => ReturnType<MachineFactory> } {
  return typeof module === 'object' && module !== null && 'SyncTable' in module && typeof module.SyncTable === 'function';
}
