import { Script } from 'node:vm';

/** V8's magic number, version, length of the source and flags, each of four bytes. */
const headBytes = 16;

/**
 * What tells the V8 apart that takes a code cache: the head of a cache of one fixed script, which holds V8's
 * version and flags as they are now. `v8.cachedDataVersionTag` says the same, but its module brings
 * streams along, two milliseconds of each start.
 */
export function codeCacheTag(): string {
  return new Script('0').createCachedData().subarray(0, headBytes).toString('hex');
}
