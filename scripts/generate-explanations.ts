import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explanationFrom, explanationsFile } from '../cmd/explanations.ts';
import { catalogue } from '../src/diagnostics/catalogue.ts';

/**
 * Writes the examples of all codes into one file beside the bundle, where `mpctl explain` finds them in
 * an installed package.
 */
export function generateExplanations(root: string, outputFolder: string): void {
  const examplesDir = join(root, 'examples', 'diagnostics');
  const explanations = Object.fromEntries(
    Object.keys(catalogue())
      .toSorted()
      .flatMap((code) => {
        const explanation = explanationFrom(examplesDir, code);
        return explanation === null ? [] : [[code, explanation]];
      }),
  );
  writeFileSync(join(outputFolder, explanationsFile), `${JSON.stringify(explanations)}\n`);
}
