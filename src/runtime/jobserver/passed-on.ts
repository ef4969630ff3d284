import { givenDescriptors, givenDescriptorsAuth } from './given-descriptors.ts';
import { inheritedFlags } from './inherited-flags.ts';
import type { MakeJobserver } from './make-client.ts';
import { withJobserver } from './make-flags.ts';

/** How make's jobserver gets to what mpctl starts itself. */
export interface PassedOn {
  /** Its MAKEFLAGS; undefined where mpctl has none. */
  readonly makeflags: string | undefined;
  /** What it is to have open from descriptor 3 on. */
  readonly stdio: readonly ('ignore' | number)[];
}

/** The jobserver for processes that get the descriptors of mpctl from it, without a shell that opens the pipe for each. */
export function passedOn(make: MakeJobserver, makeflags: string | undefined): PassedOn {
  if (makeflags === undefined || make.type !== 'client' || make.inherited === null) return { makeflags: inheritedFlags(make, makeflags), stdio: [] };
  const { jobs, inherited } = make;
  const stdio = Array.from({ length: givenDescriptors.write - 2 }, (_, index): 'ignore' | number => {
    const descriptor = index + 3;
    if (descriptor === givenDescriptors.read) return inherited.read;
    return descriptor === givenDescriptors.write ? inherited.write : 'ignore';
  });
  return { makeflags: withJobserver(makeflags, { jobs, auth: givenDescriptorsAuth }), stdio };
}
