import { build, type BuildOptions, type Plugin } from 'esbuild';
import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Big packages that only some commands need: each becomes a file of its own, loaded on first use. */
const sideFiles = new Map([
  ['listr2', 'listr2.cjs'],
  ['@viz-js/viz', 'viz.cjs'],
  ['tinyglobby', 'tinyglobby.cjs'],
  ['execa', 'execa.cjs'],
]);

/** Has a native part, so that it stays in `node_modules`. */
const external = ['@lydell/node-pty'];

const commonOptions = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  // A script of `vm` has no `import()`: what is loaded later is loaded by `require`.
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  minifyWhitespace: true,
  logLevel: 'warning',
  // The same folder by the name that it has in CommonJS.
  define: { 'import.meta.dirname': '__dirname' },
  // Anything else of `import.meta` is empty in CommonJS, and whoever reads it would only find out at run time.
  logOverride: { 'empty-import-meta': 'error' },
} as const satisfies BuildOptions;

/** One function, as Node wraps a CommonJS file: so a code cache can be taken for it, and no start copies it. */
const asFunction = {
  banner: { js: '(function (require, __filename, __dirname) {' },
  footer: { js: '})' },
} as const satisfies BuildOptions;

/** How the verbs are bundled, without where to. They hold no package, so that they are quick under any V8. */
export function verbsOptions(root: string): BuildOptions {
  return { ...commonOptions, ...asFunction, minify: true, entryPoints: [join(root, 'cmd/verbs/main.ts')] };
}

/** How the pool without a spec is bundled: it holds no package either, and starts once for many tasks. */
export function poolOptions(root: string): BuildOptions {
  return { ...commonOptions, minify: true, entryPoints: [join(root, 'cmd/pool/main.ts')] };
}

/** How the thread of a deep search is bundled: it is started as a file. */
function deepSearchOptions(root: string): BuildOptions {
  return { ...commonOptions, minify: true, entryPoints: [join(root, 'cmd/deep-search/main.ts')] };
}

/**
 * Writes the launcher `mpctl.cjs`, the main bundle, the one of checks and the one of the verbs with their code caches, the pool without a spec, the thread of
 * a deep search, and the side files.
 *
 * @throws Error when a bundle cannot be made, or when a plain command loads a side file.
 */
export async function bundleCommandLine(root: string, outputFolder: string): Promise<void> {
  for (const [name, file] of sideFiles) {
    await build({
      ...commonOptions,
      stdin: { contents: `module.exports = require('${name}');`, resolveDir: root },
      outfile: join(outputFolder, file),
    });
  }
  const bundles = { main: join(outputFolder, 'main.cjs'), check: join(outputFolder, 'check.cjs') };
  await build(mainOptions(root, bundles.main, []));
  await build(mainOptions(root, bundles.check, [withoutRuns]));
  await build({ ...verbsOptions(root), outfile: join(outputFolder, 'verbs.cjs') });
  await build({ ...poolOptions(root), outfile: join(outputFolder, 'pool.cjs') });
  await build({ ...deepSearchOptions(root), outfile: join(outputFolder, 'deep-search.cjs') });
  const buildId = createHash('sha256').update(readFileSync(bundles.main)).update(readFileSync(bundles.check)).digest('hex').slice(0, 16);
  const launcher = join(outputFolder, 'mpctl.cjs');
  await build({
    ...commonOptions,
    entryPoints: [join(root, 'cmd/launcher.ts')],
    outfile: launcher,
    banner: { js: '#!/usr/bin/env node' },
    define: {
      ...commonOptions.define,
      MPCTL_BUILD_ID: JSON.stringify(buildId),
    },
  });
  chmodSync(launcher, 0o755);
  await warmCodeCaches(root, outputFolder);
}

/** How the commands are bundled that need more than the verbs do: all of them, or those that only look at a spec. */
function mainOptions(root: string, outfile: string, plugins: readonly Plugin[]): BuildOptions {
  return {
    ...commonOptions,
    entryPoints: [join(root, 'cmd/mpctl.ts')],
    outfile,
    external,
    plugins: [sideFilePlugin, withoutSubprograms, ...plugins],
    // Every start reads it whole and takes its cache apart: short names are a twentieth of a start.
    minify: true,
    ...asFunction,
  };
}

/** Leaves out what runs a spec, which a bundle that only looks at specs never comes to; and the words for shells, which name each verb. */
const withoutRuns: Plugin = emptyModules('without-runs', /\/(?:run-spec|resume-run|completion-script)\.ts$/, /\/cmd\/commands\//u);

/** commander loads what starts a subcommand that is a program of its own; mpctl has none, and its start is spared that. */
const withoutSubprograms: Plugin = emptyModules('without-subprograms', /^node:child_process$/, /\/node_modules\/commander\//u);

/** Gives the importers an empty module in place of each that they ask for by such a name. */
function emptyModules(name: string, imported: RegExp, importers: RegExp): Plugin {
  return {
    name,
    setup: (pluginBuild) => {
      pluginBuild.onResolve({ filter: imported }, ({ path, importer }) => (importers.test(importer) ? { path, namespace: name } : undefined));
      pluginBuild.onLoad({ filter: /^/, namespace: name }, () => ({ contents: '', loader: 'js' }));
    },
  };
}

const sideFilePlugin: Plugin = {
  name: 'side-files',
  setup: (pluginBuild) => {
    pluginBuild.onResolve({ filter: /^[@\w]/ }, ({ path }) => {
      const file = sideFiles.get(path);
      return file === undefined ? undefined : { path: `./${file}`, external: true };
    });
  },
};

/**
 * Makes the code caches after a whole `check`, a whole `run` and a verb within it, so that they hold
 * what those execute and not only what is compiled eagerly.
 */
async function warmCodeCaches(root: string, outputFolder: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mpctl-build-'));
  try {
    const warmer = join(folder, 'warm-cache.cjs');
    await build({ ...commonOptions, entryPoints: [join(root, 'scripts/warm-cache.ts')], outfile: warmer });
    const warming = (bundle: string, cache: string): readonly string[] => [warmer, join(outputFolder, bundle), join(outputFolder, cache)];
    const verb = [process.execPath, ...warming('verbs.cjs', 'verbs.cache'), 'event', 'is-set', 'go'];
    const spec = join(folder, 'mpctl.yaml');
    const pool = { workers: 1, command: ['/bin/true', '${{ item }}'], tasks: { range: [1, 3] }, results: { file: 'warm.jsonl' }, joblog: 'warm.tsv' };
    writeFileSync(spec, JSON.stringify({ events: { go: { set: true } }, processes: { warm: { command: verb, uses: { go: 'set' } } }, pools: { pool } }));
    for (const [bundle, command] of [['check', 'check'], ['main', 'run']] as const) {
      await execa(process.execPath, [...warming(`${bundle}.cjs`, `${bundle}-TAG.cache`), command, spec], { cwd: folder });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
