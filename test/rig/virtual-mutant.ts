import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { EngineOptions } from '../../src/engine/engine-options.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { EngineUnderTest } from './world-options.ts';

/** One wrong engine: `find` stands once in `src/engine/FILE`, and `replace` makes it wrong. */
export interface EngineMutant {
  /** What is wrong with it. */
  readonly fault: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Makes engines of one kind. */
export type EngineFactory = (plan: Plan, options: EngineOptions) => EngineUnderTest;

const folder = fileURLToPath(new URL('../../src/engine/', import.meta.url));

/** Builds the engine with one fault in it. */
export async function createEngineWith(mutant: EngineMutant): Promise<EngineFactory> {
  const { outputFiles } = await build({
    entryPoints: [`${folder}engine.ts`],
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'mutant',
        setup: (bundler) => {
          bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) =>
            path === folder + mutant.file ? { loader: 'ts', contents: await mutate(path, mutant) } : undefined,
          );
        },
      },
    ],
  });
  const source = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  const module: unknown = await import(/* @vite-ignore */ `data:text/javascript;base64,${source}`);
  if (!isEngineModule(module)) throw new Error('the bundle exports no Engine');
  const { Engine } = module;
  return (plan, options) => new Engine(plan, options);
}

async function mutate(path: string, { find, replace }: EngineMutant): Promise<string> {
  const parts = (await readFile(path, 'utf8')).split(find);
  if (parts.length !== 2) throw new Error(`the text stands ${String(parts.length - 1)} times in ${path}: ${find}`);
  return parts.join(replace);
}

function isEngineModule(
  module: unknown,
): module is { readonly Engine: new (...input: Parameters<EngineFactory>) => EngineUnderTest } {
  return typeof module === 'object' && module !== null && 'Engine' in module && typeof module.Engine === 'function';
}
