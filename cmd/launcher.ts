/**
 * The file behind the `mpctl` command. The verbs have a bundle of their own, and load nothing of what starts the main one.
 */
import { createRequire } from 'node:module';
import { isVerb } from './verbs/is-verb.ts';

// The verbs are a small bundle of their own: a shell script calls them over and over.
if (isVerb(process.argv.slice(2))) createRequire(__filename)('./verbs.cjs');
else void import('./start-main.ts').then(({ startMain }) => startMain());
