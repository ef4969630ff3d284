import * as z from 'zod';
import { fileName, referenceOrInterpolated, text } from './leaves.ts';
import { reading } from './reading.ts';

/** How lines of a stream become items and back. */
export const format = z
  .enum(['text', 'json'])
  .default('text')
  .describe('`text`: a line is a string item · `json`: every line is JSON, both ways.');

const file = z.strictObject({ file: fileName.describe('The file, relative to the `working_dir` of the process. A named pipe is waited for as in a shell, by the process alone.') });

const outputFile = z.strictObject({
  file: fileName.describe('The file, relative to the `working_dir` of the process; each run writes it anew, and all who name it within a run write behind each other. A named pipe is waited for as in a shell, by the process alone.'),
});

const queue = z.strictObject({
  queue: referenceOrInterpolated.describe('The queue; its items are the lines, read as UTF-8: a byte that is none becomes `\\uFFFD`, and the log alone has it as it was.'),
  format,
});

/** Where standard input comes from. */
export const stdin = reading(
  z.union([z.null(), z.enum(['null', 'inherit']), z.strictObject({ text: text.describe('The text itself.') }), file, queue]),
  { bareForm: (written) => (written.includes('\n') ? '{ text: TEXT }' : `{ file: ${written} }`) },
).meta({ id: 'stdin' });

/** Standard input as it was written. */
export type StdinSpec = z.infer<typeof stdin>;

/** Where standard output or standard error goes. */
export const output = z.union([z.null(), z.enum(['null', 'log', 'inherit']), outputFile, queue]).meta({ id: 'output' });

/** Standard output or standard error as it was written. */
export type OutputSpec = z.infer<typeof output>;
