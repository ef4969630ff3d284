/**
 * Runs one command with the main bundle and writes V8's code cache of everything compiled on the way.
 * Arguments: the bundle, the cache to write, in whose name `TAG` stands for that of this V8, and then
 * those of mpctl.
 */
import { writeFileSync } from 'node:fs';
import { bundleScript } from '../cmd/bundle-script.ts';
import { codeCacheTag } from '../cmd/code-cache-tag.ts';

const [bundle = '', cache = '', ...commandLine] = process.argv.slice(2);
const file = cache.replace('TAG', codeCacheTag());
const script = bundleScript(bundle, undefined);
process.argv = [process.execPath, bundle, ...commandLine];
process.once('exit', () => {
  writeFileSync(file, script.createCache());
});
script.execute();
