import { closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { Socket } from 'node:net';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Says that it has begun, and goes on when it is told to. */
const script = `mkfifo "$1/gate-$$" && echo "begin $$" >"$1/news" && read -r _ <"$1/gate-$$" && echo "end $$" >"$1/news"\n`;

/**
 * Jobs that end when they are told to. With `limit` of them running, or all that are left, one is told: so
 * all that may run at once do so, and one too many is seen.
 */
export class JobConductor {
  readonly #folder: string;
  readonly #gates = new Map<string, number>();
  /** Those that were told to end and have not said so: what is in a pipe that nobody has open is lost. */
  readonly #told = new Map<string, number>();
  readonly #limit: number;
  readonly #total: number;
  #begun = 0;
  #ended = 0;
  #most = 0;
  #unread = '';
  #paused = false;
  #wake: () => void = () => {};

  /** The script `job.sh` in the folder is a job, with the folder as its argument. */
  constructor(folder: string, { limit, total }: { readonly limit: number; readonly total: number }) {
    this.#folder = folder;
    this.#limit = limit;
    this.#total = total;
    writeFileSync(path.join(folder, 'job.sh'), script);
    execFileSync('mkfifo', [path.join(folder, 'news')]);
    const news = new Socket({ fd: openSync(path.join(folder, 'news'), constants.O_RDWR | constants.O_NONBLOCK), readable: true, writable: false });
    news.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    onTestFinished(() => {
      news.destroy();
      for (const gate of [...this.#gates.values(), ...this.#told.values()]) closeSync(gate);
    });
  }

  /** The command of a job. */
  get job(): string {
    return `sh ${this.#folder}/job.sh ${this.#folder}`;
  }

  /** The most that ran at once, and how many there were. */
  get seen(): { readonly most: number; readonly begun: number; readonly ended: number } {
    return { most: this.#most, begun: this.#begun, ended: this.#ended };
  }

  /** Lets nobody end until `resume`. */
  pause(): void {
    this.#paused = true;
  }

  /** These are no more: somebody has killed them. */
  resume(killed = 0): void {
    this.#paused = false;
    this.#ended += killed;
    if (killed > 0) {
      for (const gate of this.#gates.values()) closeSync(gate);
      this.#gates.clear();
    }
    this.#release();
  }

  /** Resolves once so many run. */
  async running(count: number): Promise<void> {
    while (this.#begun - this.#ended < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #read(text: string): void {
    const lines = (this.#unread + text).split('\n');
    this.#unread = lines.pop() ?? '';
    for (const line of lines) {
      const [what, pid = ''] = line.split(' ');
      if (what === 'begin') {
        this.#begun += 1;
        this.#gates.set(pid, openSync(path.join(this.#folder, `gate-${pid}`), constants.O_RDWR | constants.O_NONBLOCK));
        this.#most = Math.max(this.#most, this.#begun - this.#ended);
      } else {
        this.#ended += 1;
        const gate = this.#told.get(pid);
        if (gate !== undefined) closeSync(gate);
        this.#told.delete(pid);
      }
    }
    this.#release();
    this.#wake();
  }

  #release(): void {
    const running = this.#begun - this.#ended;
    if (this.#paused || this.#told.size > 0 || (running < this.#limit && this.#begun < this.#total)) return;
    const [next] = this.#gates;
    if (next === undefined) return;
    const [pid, gate] = next;
    this.#gates.delete(pid);
    this.#told.set(pid, gate);
    writeSync(gate, 'go\n');
  }
}
