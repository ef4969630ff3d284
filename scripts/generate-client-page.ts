/** Writes the declarations of the client for TypeScript into its page; they are those of the last build. */
import { readFileSync, writeFileSync } from 'node:fs';
import { clientReference } from './client-reference.ts';
import { fillBlocks } from './generated-blocks.ts';

const page = new URL('../docs/client.md', import.meta.url);
writeFileSync(page, fillBlocks(readFileSync(page, 'utf8'), { declarations: clientReference() }));
