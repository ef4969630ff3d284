/* What an event loop hears from, as the system tells it of an epoll(7): `/proc/PID/fdinfo/FD`, see proc(5). */
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
