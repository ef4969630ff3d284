import { build, type Plugin } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..');
const cacheDir = path.join(root, 'node_modules', '.cache', 'mpctl-rig');

const bundles = new Map<string | null, Promise<string>>();

/**
 * The command line bundled from its sources as they are now: absolute path of a CommonJS file. Made once
 * in each test worker, since starting from the sources would cost every test a second.
 *
 * @param broker absolute path of the module whose `createMemoryBroker` its runs take instead of the real one
 */
export function bundledCli(broker: string | null = null): Promise<string> {
  const known = bundles.get(broker) ?? makeBundle(broker);
  bundles.set(broker, known);
  return known;
}

/** What the runtime imports as its broker is this file. */
function brokerFrom(file: string): Plugin {
  return {
    name: 'broker',
    setup: (pluginBuild) => {
      pluginBuild.onResolve({ filter: /\/broker\/memory-broker\.ts$/ }, ({ importer }) =>
        importer.startsWith(path.join(root, 'src', 'runtime')) ? { path: file } : undefined,
      );
    },
  };
}

async function makeBundle(broker: string | null): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'cmd', 'mpctl.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    packages: 'bundle',
    external: ['@lydell/node-pty', '@viz-js/viz', 'listr2', 'tinyglobby'],
    // Files that are shipped with the program are found from here, wherever the bundle lies.
    define: { 'import.meta.dirname': JSON.stringify(path.join(root, 'cmd')) },
    plugins: broker === null ? [] : [brokerFrom(broker)],
    logLevel: 'error',
  });
  const text = outputFiles.map((file) => file.text).join('');
  const file = path.join(cacheDir, `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.cjs`);
  if (!existsSync(file)) {
    mkdirSync(cacheDir, { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, text);
    renameSync(draft, file);
  }
  return file;
}
