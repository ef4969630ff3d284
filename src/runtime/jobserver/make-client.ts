import { statSync } from 'node:fs';
import { targetOf } from '../processes/open-pipes.ts';
import { listNumbers } from '../processes/process-table.ts';
import { systemErrorText } from '../system-error-text.ts';
import { authOf, jobsOf } from './make-flags.ts';
import { TokenPipe } from './token-pipe.ts';

/** Both ends of a pipe, open in mpctl. */
interface InheritedPipe {
  readonly read: number;
  readonly write: number;
}

/** What becomes of the jobserver that mpctl's own environment names. */
export type MakeJobserver =
  | { readonly type: 'none' }
  | {
      readonly type: 'client';
      readonly pipe: TokenPipe;
      readonly jobs: number | null;
      /** From this path, what mpctl starts has to be given its descriptors anew; null where a named pipe needs none. */
      readonly reopen: string | null;
      /** Those of make, as mpctl has inherited them; null likewise. */
      readonly inherited: InheritedPipe | null;
    }
  | { readonly type: 'unusable'; readonly message: string };

/** Opens the jobserver of the make that mpctl was started by. */
export function openMakeJobserver(makeflags: string | undefined): MakeJobserver {
  const auth = authOf(makeflags ?? '');
  if (makeflags === undefined || auth === null) return { type: 'none' };
  const jobs = jobsOf(makeflags);
  try {
    switch (auth.type) {
      case 'none':
        return unusable(`make keeps it from this recipe (\`--jobserver-auth=${auth.written}\`)`);
      case 'fifo':
        if (!statSync(auth.path).isFIFO()) return unusable(`\`${auth.path}\` is no named pipe`);
        return { type: 'client', pipe: new TokenPipe(auth.path, auth.path), jobs, reopen: null, inherited: null };
      case 'descriptors': {
        const { read, write } = auth;
        const ours = pipeAt(read);
        if (ours === null || pipeAt(write) !== ours || !comesFromOutside(ours)) {
          return unusable(`its descriptors ${String(read)} and ${String(write)} did not get here`);
        }
        const reopen = `/proc/${String(process.pid)}/fd/${String(read)}`;
        return { type: 'client', pipe: new TokenPipe(reopen, `/proc/self/fd/${String(write)}`), jobs, reopen, inherited: { read, write } };
      }
    }
  } catch (error) {
    return unusable(systemErrorText(error));
  }
}

/** As make has it for a make in a recipe that is not taken for one. */
function unusable(why: string): MakeJobserver {
  const message = `make's jobserver cannot be used, so as many commands run at once as without it: ${why}; put \`+\` before the recipe line`;
  return { type: 'unusable', message };
}

/** As Linux names it; null where it is none, or the system does not say. */
function pipeAt(descriptor: number): string | null {
  const target = targetOf(process.pid, descriptor);
  if (target === null) return null;
  return target.startsWith('pipe:') || (target.startsWith('/') && statSync(target).isFIFO()) ? target : null;
}

/**
 * Where make has closed its descriptors, Node has opened pipes of its own by the same numbers, which have
 * no names and which nobody else has.
 */
function comesFromOutside(pipe: string): boolean {
  return !pipe.startsWith('pipe:') || listNumbers(`/proc/${String(process.ppid)}/fd`).some((descriptor) => targetOf(process.ppid, descriptor) === pipe);
}
