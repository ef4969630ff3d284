import type { MakeJobserver } from './make-client.ts';
import { withJobserver } from './make-flags.ts';

/** MAKEFLAGS for what mpctl starts, from those of mpctl: without a jobserver whose descriptors nothing inherits. */
export function inheritedFlags(make: MakeJobserver, makeflags: string | undefined): string | undefined {
  const goesOn = make.type === 'none' || (make.type === 'client' && make.reopen === null);
  return makeflags === undefined || goesOn ? makeflags : withJobserver(makeflags, null);
}
