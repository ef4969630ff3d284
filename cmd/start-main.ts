import { join } from 'node:path';
import { bundleScript } from './bundle-script.ts';
import { codeCacheTag } from './code-cache-tag.ts';
import { isPrivateFolder, userCacheFolder, writeCache } from './code-cache.ts';
import { readCache } from './read-cache.ts';

/** Names the content of the main bundle; the build puts it here. */
declare const MPCTL_BUILD_ID: string;

/** First words of what runs nothing, which is spared the code of runs: it has a bundle of its own. After another option, such as `--no-color`, a run may follow. */
const checks: ReadonlySet<string | undefined> = new Set(['check', 'plan', 'explain', 'schema', 'init', '--version', '-V', '--help', '-h']);

/**
 * Compiles the bundle of the command from a V8 code cache, which is most of what starting costs: from the user's own,
 * which is written when the first command under another V8 has ended, or else from the one that the build made.
 *
 * @param command the first word after `mpctl`
 */
export function startMain(command: string | undefined): void {
  const tag = codeCacheTag();
  const folder = userCacheFolder(process.env);
  const name = checks.has(command) ? 'check' : 'main';
  const own = join(folder, `${name}-${MPCTL_BUILD_ID}-${tag}.cache`);
  const cache = (isPrivateFolder(folder) ? readCache(own) : undefined) ?? readCache(join(__dirname, `${name}-${tag}.cache`));
  const script = bundleScript(join(__dirname, `${name}.cjs`), cache);
  if (!script.cached) {
    process.once('exit', () => {
      // A cache made under flags that the command has set meanwhile is one that no start takes.
      if (codeCacheTag() === tag) writeCache(folder, own, script.createCache());
    });
  }
  script.execute();
}
