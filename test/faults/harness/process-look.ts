import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** One process, as proc(5) of its namespace has it. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** A letter; `Z` is a zombie, `T` is stopped. */
  readonly state: string;
  readonly command: string;
}

/** The process table of a namespace, read from outside. */
export class ProcessLook {
  readonly #proc: string;

  /** `proc` is the folder at which the namespace has its proc(5). */
  constructor(proc: string) {
    this.#proc = proc;
  }

  /** All but process 1 and zombies. */
  living(): readonly SeenProcess[] {
    return this.all().filter(({ state }) => state !== 'Z' && state !== 'X');
  }

  /** All but process 1. */
  all(): readonly SeenProcess[] {
    return this.#pids().flatMap((pid) => {
      const seen = this.see(pid);
      return seen === null ? [] : [seen];
    });
  }

  /** One of them; null where there is none. */
  see(pid: number): SeenProcess | null {
    const stat = this.#read(pid, 'stat');
    if (stat === null) return null;
    // The name in parentheses may itself hold spaces and parentheses.
    const [state = '', parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = (this.#read(pid, 'cmdline') ?? '').replaceAll('\0', ' ').trimEnd();
    return { pid, state, parent: Number(parent), group: Number(group), command };
  }

  /** Whether it is there and no zombie. */
  isAlive(pid: number): boolean {
    const seen = this.see(pid);
    return seen !== null && seen.state !== 'Z' && seen.state !== 'X';
  }

  /** Those whose environment says that they belong to a run; of any run without `runId`. */
  marked(runId = ''): readonly SeenProcess[] {
    return this.living().filter(({ pid }) => {
      const environment = this.#read(pid, 'environ') ?? '';
      return environment.split('\0').some((variable) => variable.startsWith('MPCTL_RUN_IDS=') && variable.includes(runId));
    });
  }

  /** What each open descriptor of a process is. */
  descriptors(pid: number): ReadonlyMap<number, string> {
    const folder = path.join(this.#proc, String(pid), 'fd');
    const found = new Map<number, string>();
    for (const name of readdirSync(folder)) {
      try {
        found.set(Number(name), readlinkSync(path.join(folder, name)));
      } catch {
        // It was closed meanwhile.
      }
    }
    return found;
  }

  /** A field of `status`, such as `SigIgn` or `VmRSS`. */
  field(pid: number, name: string): string | null {
    return new RegExp(`^${name}:\\s*(.*)$`, 'mu').exec(this.#read(pid, 'status') ?? '')?.[1] ?? null;
  }

  /** The kernel function that it sleeps in. */
  wchan(pid: number): string {
    return this.#read(pid, 'wchan') ?? '';
  }

  /** Time on a processor so far, in ms. */
  cpuMs(pid: number): number {
    const stat = this.#read(pid, 'stat') ?? '';
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // In hundredths of a second, for user and system.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  #pids(): readonly number[] {
    return readdirSync(this.#proc)
      .filter((name) => /^\d+$/u.test(name) && name !== '1')
      .map(Number);
  }

  #read(pid: number, name: string): string | null {
    try {
      return readFileSync(path.join(this.#proc, String(pid), name), 'latin1');
    } catch {
      return null;
    }
  }
}
