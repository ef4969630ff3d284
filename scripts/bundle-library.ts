import { build } from 'esbuild';
import { execa } from 'execa';
import { join } from 'node:path';

/** Writes the ES modules behind `import 'mpctl'` and `import 'mpctl/client'`, and their types. */
export async function bundleLibrary(root: string, outputFolder: string): Promise<void> {
  await build({
    entryPoints: {
      index: join(root, 'src/index.ts'),
      client: join(root, 'src/client/library.ts'),
    },
    outdir: outputFolder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Whoever installs the package gets its dependencies, and shares them with what is installed already.
    packages: 'external',
    logLevel: 'warning',
  });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await execa(process.execPath, [
    compiler,
    '-p',
    join(root, 'tsconfig.types.json'),
    '--outDir',
    join(outputFolder, 'types'),
  ]);
}
