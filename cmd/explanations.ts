import * as z from 'zod';
import { packagePath, readPackageFile } from './assets.ts';
import { describeCall, readExampleFolder } from './example-folder.ts';

const explanation = z.object({
  /** A spec, or a command line with the files that it meets. */
  wrong: z.string(),
  /** Exactly what mpctl prints for it. */
  output: z.string(),
  /** The same, put right. */
  right: z.string(),
});

/** The examples of a code, as people read them. */
export type Explanation = Readonly<z.infer<typeof explanation>>;

/** Name of the generated file beside the bundle, since the package does not ship the folders. */
export const explanationsFile = 'explanations.json';

/** The examples of a code; null where it has none. In a checkout they come from their folders. */
export function readExplanation(code: string): Explanation | null {
  const fromFolder = explanationFrom(packagePath('examples', 'diagnostics'), code);
  if (fromFolder !== null) return fromFolder;
  const generated = z.record(z.string(), explanation).parse(JSON.parse(readPackageFile('dist', explanationsFile) ?? '{}'));
  return generated[code] ?? null;
}

/** The examples of a code from its folder; null where there is none. */
export function explanationFrom(examplesDir: string, code: string): Explanation | null {
  const example = readExampleFolder(examplesDir, code);
  if (example === null) return null;
  const { folder, wrong, right, output } = example;
  return {
    wrong: describeCall(folder, wrong),
    output,
    right: describeCall(folder, right),
  };
}
