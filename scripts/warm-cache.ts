/**
 * Runs one command with the main bundle and writes V8's code cache of everything compiled on the way.
 * Arguments: the bundle, the cache to begin with and to write, and then those of mpctl.
 */
import { writeFileSync } from 'node:fs';
import { bundleScript } from '../cmd/bundle-script.ts';
import { readCache } from '../cmd/read-cache.ts';

const [bundle = '', cache = '', ...commandLine] = process.argv.slice(2);
const script = bundleScript(bundle, readCache(cache));
process.argv = [process.execPath, bundle, ...commandLine];
process.once('exit', () => {
  writeFileSync(cache, script.createCache());
});
script.execute();
