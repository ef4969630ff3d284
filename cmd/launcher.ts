/**
 * The file behind the `mpctl` command. The verbs have a bundle of their own, and load nothing of what starts the main one.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleScript } from './bundle-script.ts';
import { readCache } from './read-cache.ts';
import { isPoolOfCommands, isVerb } from './verbs/is-verb.ts';

// The verbs are a small bundle of their own: a shell script calls them over and over. Where this is another V8 than the build's, it takes no cache and compiles.
const words = process.argv.slice(2);
if (isVerb(words)) bundleScript(join(__dirname, 'verbs.cjs'), readCache(join(__dirname, 'verbs.cache'))).execute();
else if (isPoolOfCommands(words)) createRequire(__filename)('./pool.cjs');
else void import('./start-main.ts').then(({ startMain }) => startMain(words[0]));
