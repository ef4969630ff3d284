import { writeFileSync } from 'node:fs';
import { specJsonSchema } from '../src/spec/schema/json-schema.ts';

const target = new URL('../schemas/mpctl.schema.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(specJsonSchema(), null, 2)}\n`);
