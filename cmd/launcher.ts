/**
 * The file behind the `mpctl` command. It compiles the main bundle from a V8 code cache, which is most
 * of what starting costs: from the cache that the build made where the Node is the same, and otherwise
 * from the user's own, which is written when the first command under another Node has ended.
 */
import { join } from 'node:path';
import { bundleScript, type BundleScript } from './bundle-script.ts';
import { isPrivateFolder, readCache, userCacheFile, userCacheFolder, writeCache } from './code-cache.ts';

/** Names the content of the main bundle; the build puts it here. */
declare const MPCTL_BUILD_ID: string;
/** The version and processor of the Node that the build made its cache with. */
declare const MPCTL_BUILD_NODE: string;

function start(): void {
  const bundle = join(__dirname, 'main.cjs');
  if (MPCTL_BUILD_NODE === `${process.version} ${process.arch}`) {
    const script = bundleScript(bundle, readCache(join(__dirname, 'main.cache')));
    if (script.cached) {
      script.execute();
      return;
    }
  }
  const folder = userCacheFolder(process.env);
  const file = userCacheFile(folder, MPCTL_BUILD_ID);
  const script = bundleScript(bundle, isPrivateFolder(folder) ? readCache(file) : undefined);
  if (!script.cached) keepCache(script, folder, file);
  script.execute();
}

function keepCache(script: BundleScript, folder: string, file: string): void {
  process.once('exit', () => {
    writeCache(folder, file, script.createCache());
  });
}

start();
