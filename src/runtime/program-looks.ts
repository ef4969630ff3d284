import type { EngineEvent, ProcessKey } from '../engine/engine-event.ts';
import type { ThreadWait } from '../engine/seen-program.ts';
import type { Door } from './door/door.ts';
import { ProgramLook } from './processes/look-at-program.ts';
import { SocketPeers } from './processes/socket-peers.ts';
import type { RunPrimitives } from './run-primitives.ts';
import type { Workers } from './workers.ts';

/** What is asked of whom to look at a program. */
interface ProgramLooksOptions {
  readonly runId: string;
  /** Where clients have their files. */
  readonly clientFolder: string;
  readonly workers: Pick<Workers, 'leaderOf'>;
  readonly door: Pick<Door, 'clientsOf' | 'saw'>;
  readonly primitives: Pick<RunPrimitives, 'handoffs' | 'locks'>;
  readonly post: (event: EngineEvent) => void;
}

/** Finds out whether all of a program waits in mpctl. */
export class ProgramLooks {
  readonly #options: ProgramLooksOptions;
  readonly #peers = new SocketPeers();
  /** What the looks of this turn share. */
  #look: ProgramLook | null = null;

  constructor(options: ProgramLooksOptions) {
    this.#options = options;
  }

  /** What its threads are at just now; nothing where that is not known. */
  lookNow(key: ProcessKey): readonly ThreadWait[] {
    const { runId, clientFolder, workers, door } = this.#options;
    const leader = workers.leaderOf(key);
    if (leader === null) return [];
    const { instance, pid, pipes, joined } = leader;
    const processes = new ProgramLook(this.#peers).at({ leader: pid, instance, runId, clientFolder, pipes, joined, ...door.clientsOf(instance) });
    return processes.flatMap(({ threads }) => threads ?? []);
  }

  /** Whatever it had asked before it waited is in its sockets, and is read in the turns before the answer. */
  lookAt(key: ProcessKey): void {
    const { runId, clientFolder, workers, door, primitives, post } = this.#options;
    const leader = workers.leaderOf(key);
    if (leader === null) return;
    const { instance, pid, pipes, joined } = leader;
    // Whoever is found to be stuck is told with what it holds.
    primitives.handoffs.endIdleHandoffsOf(instance);
    primitives.locks.reclaimFrom(instance);
    const clients = door.clientsOf(instance);
    this.#look ??= new ProgramLook(this.#peers);
    const processes = this.#look.at({ leader: pid, instance, runId, clientFolder, pipes, joined, ...clients });
    door.saw(instance, processes);
    const tell = (): void => post({ type: 'program_seen', key, seen: { processes, ...clients } });
    setImmediate(() => {
      this.#look = null;
      setImmediate(() => setImmediate(tell));
    });
  }
}
