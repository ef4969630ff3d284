import { join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { bundleScript } from './bundle-script.ts';
import { isPrivateFolder, userCacheFolder, writeCache } from './code-cache.ts';
import { readCache } from './read-cache.ts';

/** Names the content of the main bundle; the build puts it here. */
declare const MPCTL_BUILD_ID: string;

/**
 * Compiles the main bundle from a V8 code cache, which is most of what starting costs: from the user's own, which
 * is written when the first command under another V8 has ended, or else from the one that the build made.
 */
export function startMain(): void {
  // V8 takes a cache only for its own version, flags and processor features, all of which make the tag.
  const tag = cachedDataVersionTag().toString(16);
  const folder = userCacheFolder(process.env);
  const own = join(folder, `main-${MPCTL_BUILD_ID}-${tag}.cache`);
  const cache = (isPrivateFolder(folder) ? readCache(own) : undefined) ?? readCache(join(__dirname, `main-${tag}.cache`));
  const script = bundleScript(join(__dirname, 'main.cjs'), cache);
  if (!script.cached) {
    process.once('exit', () => {
      // A cache made under flags that the command has set meanwhile is one that no start takes.
      if (cachedDataVersionTag().toString(16) === tag) writeCache(folder, own, script.createCache());
    });
  }
  script.execute();
}
