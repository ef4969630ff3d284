import * as z from 'zod';
import { path, text } from './leaves.ts';
import { reading } from './reading.ts';

/** A script for the spec's `shell`; mpctl puts nothing into it, `$NAME` is the shell's own. */
export const script = reading(z.string().min(1), { text: true, shell: true, expected: 'a command', sample: 'COMMAND' });

/** An argv without a shell. */
export const argv = reading(z.array(text).min(1), { sample: '[COMMAND, ARGUMENT]' });

/** A command: a list is an argv without a shell, a string is a script that the spec's `shell` runs. */
export const command = z.union([script, argv]).meta({ id: 'command' });

/** A command as it was written. */
export type CommandSpec = z.infer<typeof command>;

/** What is appended to a list command, and what is `$1`, `$2` … of a string command. */
export const args = z.array(text);

const variableName = reading(z.string().regex(/^[^=]+$/), {
  text: true,
  expected: 'the name of a variable, which has no `=` in it',
});

/** `null` is what JSON has for a key without a value. */
const variableValue = z.union([reading(z.string(), { text: true, orNull: true, expected: 'text', sample: 'VALUE' }), z.null()]);

const assignment = reading(z.string().regex(/^[^=]+/), {
  text: true,
  expected: "`NAME=VALUE`, or the name of one of mpctl's own variables",
  sample: 'NAME=VALUE',
});

/** Variables: a map, or a list of `NAME=VALUE`; a name without a value passes mpctl's own variable on. */
export const environment = reading(
  z.union([reading(z.record(variableName, variableValue), { called: 'the environment' }), z.array(assignment)]),
  { sample: '{ NAME: VALUE }', bareForm: (written) => (/^\w+=/.test(written) ? `[${written}]` : '{ NAME: VALUE }') },
).meta({ id: 'environment' });

/** Variables as they were written. */
export type EnvironmentSpec = z.infer<typeof environment>;

const optionalFile = z.strictObject({
  path: path.describe('The file, relative to the file this is written in.'),
  required: z.boolean().default(true).describe('Whether a missing file is an error.'),
});

/** Files of `NAME=VALUE` lines: one or a list. */
export const environmentFiles = z.union([path, optionalFile, z.array(z.union([path, optionalFile]))]).meta({ id: 'env_file' });

/** Files of variables as they were written. */
export type EnvironmentFilesSpec = z.infer<typeof environmentFiles>;
