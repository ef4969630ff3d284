/** Writes the OpenAPI document of the door and the generated parts of the page about the protocol. */
import { readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from './openapi.ts';
import { renderProtocol } from './protocol-tables.ts';

const page = new URL('../docs/protocol.md', import.meta.url);
writeFileSync(page, renderProtocol(readFileSync(page, 'utf8')));
writeFileSync(new URL('../schemas/door.openapi.json', import.meta.url), `${JSON.stringify(openApiDocument(), null, 2)}\n`);
