/*
 * What all processes of a running command are at, for the search for deadlocks. Linux tells of each
 * thread which system call it sleeps in; elsewhere only the processes are known, and what they say of
 * themselves. Whatever cannot be read counts as computing.
 */
import type { SeenLoop, SeenProcess, SeenWaiter } from '../../engine/seen-program.ts';
import { OpenPipes, targetOf } from './open-pipes.ts';
import { listNumbers, listProcesses, type ProcessEntry, readProcFile } from './process-table.ts';
import type { JoinedPipe, ProgramPipes } from './program-pipes.ts';
import type { SocketPeers } from './socket-peers.ts';
import { waitsOf } from './thread-waits.ts';

/** Whose processes are looked at. */
export interface LookedAt {
  /** The process that mpctl has started, which leads a group. */
  readonly leader: number;
  readonly instance: string;
  readonly runId: string;
  /** The folder of what the run and its programs share: nobody rings a bell there whom the run does not know of. */
  readonly clientFolder: string;
  readonly pipes: ProgramPipes;
  readonly joined: readonly JoinedPipe[];
  /** Who has said that it waits for the run. */
  readonly waiters: readonly SeenWaiter[];
  /** Who hears the run in an event loop. */
  readonly loops: readonly SeenLoop[];
}

type Ends = Pick<Parameters<typeof waitsOf>[0], 'isOwnPipe' | 'isOwnSocket' | 'isBetween'>;

/** All processes of the machine at one moment, for looks at several programs. */
export class ProgramLook {
  readonly #living = listProcesses().filter(({ state }) => state !== 'Z' && state !== 'X');
  readonly #open = new OpenPipes(this.#living);
  readonly #environments = new Map<number, ReadonlyMap<string, string>>();
  readonly #peers: SocketPeers;

  constructor(peers: SocketPeers) {
    this.#peers = peers;
  }

  /** Every living process of a program. */
  at(looked: LookedAt): readonly SeenProcess[] {
    const processes = this.#processesOf(looked);
    if (process.platform !== 'linux') return processes.map(({ pid, startTime }) => ({ pid, mark: startTime, threads: null }));
    const loops = new Set(looked.loops.map(({ pid }) => pid));
    const ours = new Set(processes.map(({ pid }) => pid));
    const whole = new Set(looked.waiters.filter(({ threads }) => threads === null).map(({ pid }) => pid));
    const runners = new Set(processes.filter(({ pid, parentPid }) => this.#variablesOf(pid).get('MPCTL_HOLDER_PID') === String(parentPid)).map(({ parentPid }) => parentPid));
    return processes.map(({ pid, startTime }) => {
      const isLoop = loops.has(pid);
      // Verbs say for themselves that they do nothing but wait, though the interpreter has threads of its own.
      if (whole.has(pid) && !isLoop) return { pid, mark: startTime, threads: null };
      if (runners.has(pid)) return { pid, mark: startTime, threads: ['own'] };
      const ids = listNumbers(`/proc/${pid}/task`);
      const { pipes, joined } = looked;
      const threads = waitsOf({ pid, threads: ids, isLoop, pipes, joined, ...this.#endsOf(pid, ours, looked) });
      // After that: what has not run from here to the next look was at all that time where it is seen to be then.
      const switches = ids.map((thread) => switchesOf(pid, thread));
      return { pid, mark: [startTime, ...switches].join(' '), threads };
    });
  }

  /** Who has the other ends of what a process has open. */
  #endsOf(pid: number, ours: ReadonlySet<number>, { runId, clientFolder }: LookedAt): Ends {
    const isOurs = (one: number): boolean => ours.has(one);
    return {
      isOwnPipe: (descriptor) => {
        const target = targetOf(pid, descriptor) ?? '';
        return target.startsWith(`${clientFolder}/`) || (target.startsWith('pipe:') && this.#open.areOnlyOf(target, isOurs));
      },
      isOwnSocket: (descriptor) => {
        const socket = /^socket:\[(?<number>\d+)\]$/u.exec(targetOf(pid, descriptor) ?? '')?.groups?.['number'];
        const peer = socket === undefined ? null : this.#peers.of(socket);
        return peer !== null && this.#open.areOnlyOf(`socket:[${peer}]`, isOurs);
      },
      isBetween: (descriptor, other) => this.#open.areOnlyOf(targetOf(pid, descriptor) ?? '', (one) => isOurs(one) || one === process.pid || this.#isMarked(one, other, runId)),
    };
  }

  /** The group, the descendants of its leader, and what has left both with the environment of the instance. */
  #processesOf({ leader, instance, runId }: LookedAt): readonly ProcessEntry[] {
    const ours = new Set(this.#living.filter(({ pid, group }) => pid === leader || group === leader).map(({ pid }) => pid));
    const began = this.#living.find(({ pid }) => pid === leader)?.startTime;
    for (const { pid, startTime } of this.#living) {
      // What is older than the leader, most of a machine, is none of its descendants.
      const mayBeOurs = began === undefined || Number(startTime) >= Number(began);
      if (mayBeOurs && !ours.has(pid) && this.#isMarked(pid, instance, runId)) ours.add(pid);
    }
    for (let grew = true; grew; ) {
      const before = ours.size;
      for (const { pid, parentPid } of this.#living) if (ours.has(parentPid)) ours.add(pid);
      grew = ours.size > before;
    }
    return this.#living.filter(({ pid }) => ours.has(pid));
  }

  #isMarked(pid: number, instance: string, runId: string): boolean {
    const variables = this.#variablesOf(pid);
    return variables.get('MPCTL_RUN_ID') === runId && variables.get('MPCTL_PROCESS') === instance;
  }

  /** What the environment that a process was started with has of mpctl. */
  #variablesOf(pid: number): ReadonlyMap<string, string> {
    const known = this.#environments.get(pid);
    if (known !== undefined) return known;
    const entries = (readProcFile(pid, 'environ') ?? '').split('\0').filter((entry) => entry.startsWith('MPCTL_'));
    const variables = new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
    this.#environments.set(pid, variables);
    return variables;
  }
}

/** How often a thread has been taken off a processor: equal as long as it has not run. */
function switchesOf(pid: number, thread: number): string {
  const status = readProcFile(pid, `task/${thread}/status`) ?? '';
  return [...status.matchAll(/ctxt_switches:\t(?<count>\d+)/gu)].map(({ groups }) => groups?.['count'] ?? '').join('+');
}
