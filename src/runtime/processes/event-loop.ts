/* What an event loop hears from, as the system tells it of an epoll(7): `/proc/PID/fdinfo/FD`, see proc(5). */
import { basename } from 'node:path';
import { opendirSync, readlinkSync } from 'node:fs';
import type { ThreadWait } from '../../engine/seen-program.ts';
import { targetOf } from './open-pipes.ts';
import { readProcFile } from './process-table.ts';

/**
 * What a loop waits for that sleeps in the epoll of this descriptor: `answer` for each socket, however it is
 * called in the program, whether it keeps the program alive or not. A timer is no descriptor, but a limit of
 * the sleep.
 */
export function waitsOfLoop(pid: number, descriptor: number, isOwnPipe: (descriptor: number) => boolean): readonly ThreadWait[] {
  const watched = [...(readProcFile(pid, `fdinfo/${descriptor}`) ?? '').matchAll(/^tfd: *(?<watched>\d+) /gmu)].map(({ groups }) => Number(groups?.['watched']));
  const waits: ThreadWait[] = [];
  let counters = 0;
  for (const one of watched) {
    const target = targetOf(pid, one) ?? '';
    if (target.startsWith('socket:')) {
      waits.push('answer');
    } else if (target === 'anon_inode:[eventfd]') {
      // By one of these the other threads wake the loop; the system itself may count another one up.
      counters += 1;
      waits.push(counters === 1 ? 'own' : 'other');
    } else {
      waits.push(isOwnPipe(one) ? 'own' : 'other');
    }
  }
  return waits.length === 0 ? ['other'] : waits;
}

/**
 * The thread in which Node keeps the time of what V8 does by and by outside of any program, such as noting two minutes
 * after a module of WebAssembly was made how much of it is left. It is made before all others, ahead of whatever a
 * program does. Timers of programs, and those after which V8 collects garbage, are in the loops of the programs.
 */
export function readHousekeeper(pid: number): number | null {
  try {
    if (basename(readlinkSync(`/proc/${pid}/exe`)) !== 'node') return null;
    // In the order in which they were made, which `readdirSync` would not keep.
    const folder = opendirSync(`/proc/${pid}/task`);
    try {
      const main = folder.readSync();
      const next = folder.readSync();
      return main?.name === String(pid) && next !== null ? Number(next.name) : null;
    } finally {
      folder.closeSync();
    }
  } catch {
    return null;
  }
}
