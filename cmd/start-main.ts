import { join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { bundleScript } from './bundle-script.ts';
import { isPrivateFolder, userCacheFolder, writeCache } from './code-cache.ts';
import { readCache } from './read-cache.ts';

/** Names the content of the main bundle; the build puts it here. */
declare const MPCTL_BUILD_ID: string;

/** What only looks at a spec is spared the code of runs, which V8 would take apart for nothing: both have a cache of their own. */
const runs: ReadonlySet<string | undefined> = new Set(['run', 'resume']);

/**
 * Compiles the main bundle from a V8 code cache, which is most of what starting costs: from the user's own, which
 * is written when the first command under another V8 has ended, or else from the one that the build made.
 *
 * @param command the first word after `mpctl`
 */
export function startMain(command: string | undefined): void {
  // V8 takes a cache only for its own version, flags and processor features, all of which make the tag.
  const tag = cachedDataVersionTag().toString(16);
  const folder = userCacheFolder(process.env);
  const name = `main-${runs.has(command) ? 'run' : 'check'}`;
  const own = join(folder, `${name}-${MPCTL_BUILD_ID}-${tag}.cache`);
  const cache = (isPrivateFolder(folder) ? readCache(own) : undefined) ?? readCache(join(__dirname, `${name}-${tag}.cache`));
  const script = bundleScript(join(__dirname, 'main.cjs'), cache);
  if (!script.cached) {
    process.once('exit', () => {
      // A cache made under flags that the command has set meanwhile is one that no start takes.
      if (cachedDataVersionTag().toString(16) === tag) writeCache(folder, own, script.createCache());
    });
  }
  script.execute();
}
