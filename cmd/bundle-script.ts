import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { invariant } from '../src/base/invariant.ts';

/** A bundle that V8 has compiled and that has not been executed yet. */
export interface BundleScript {
  /** True where V8 took the code cache and compiled nothing. */
  readonly cached: boolean;
  /** Executes the bundle as Node executes a CommonJS file. */
  execute: () => void;
  /** The code cache of everything that has been compiled so far. */
  createCache: () => Buffer;
}

/**
 * Compiles a bundle through `vm.Script`, since only that takes a code cache on Node 20. The build has
 * wrapped it as Node wraps a CommonJS file, so that no start copies it. The bundle has to be ASCII: it
 * is read as Latin-1, which keeps it one byte a character in memory.
 */
export function bundleScript(file: string, cachedData: Buffer | undefined): BundleScript {
  const source = readFileSync(file, 'latin1');
  const script = new Script(source, cachedData === undefined ? { filename: file } : { filename: file, cachedData });
  return {
    cached: cachedData !== undefined && script.cachedDataRejected === false,
    execute: () => {
      const bundle: unknown = script.runInThisContext();
      invariant(typeof bundle === 'function', 'the bundle is one function');
      Reflect.apply(bundle, undefined, [createRequire(file), file, dirname(file)]);
    },
    createCache: () => script.createCachedData(),
  };
}
