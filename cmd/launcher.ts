/**
 * The file behind the `mpctl` command. The verbs have a bundle of their own, and load nothing of what starts the main one.
 */
import { createRequire } from 'node:module';
import { isPoolOfCommands, isVerb } from './verbs/is-verb.ts';

// The verbs are a small bundle of their own: a shell script calls them over and over.
const words = process.argv.slice(2);
if (isVerb(words)) createRequire(__filename)('./verbs.cjs');
else if (isPoolOfCommands(words)) createRequire(__filename)('./pool.cjs');
else void import('./start-main.ts').then(({ startMain }) => startMain());
