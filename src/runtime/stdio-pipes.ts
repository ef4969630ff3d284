import type { StdioPipePlan } from '../plan/plan.ts';
import type { FifoPool } from './processes/fifo-pool.ts';
import { openStdioPipe, type StdioPipe } from './processes/stdio-pipe.ts';

/** A descriptor that no system call accepts: the start then fails with a message of its own. */
const noDescriptor = -1;

/**
 * The kernel pipes between workers. A pipe is opened when the first of its two workers starts; our own
 * copy of an end is closed when its worker has ended for good, so that the other side sees end of file
 * or SIGPIPE then, and not before: until then the worker may be restarted.
 */
export class StdioPipes {
  readonly #plans: readonly StdioPipePlan[];
  readonly #fifos: FifoPool;
  readonly #open = new Map<string, StdioPipe | null>();
  readonly #ended = new Set<string>();

  constructor(plans: readonly StdioPipePlan[], fifos: FifoPool) {
    this.#plans = plans;
    this.#fifos = fifos;
  }

  /** What the worker reads from. */
  inputFd(name: string, instance: string): number {
    const plan = this.#planOf(name);
    return this.#pipe(name, plan?.to === instance ? 'forth' : 'back')?.readFd ?? noDescriptor;
  }

  /** What the worker writes to. */
  outputFd(name: string, instance: string): number {
    const plan = this.#planOf(name);
    return this.#pipe(name, plan?.from === instance ? 'forth' : 'back')?.writeFd ?? noDescriptor;
  }

  /** The worker has ended for good. */
  endOf(instance: string): void {
    this.#ended.add(instance);
    for (const plan of this.#plans) {
      if (plan.from !== instance && plan.to !== instance) continue;
      this.#closeEnded(plan, 'forth');
      this.#closeEnded(plan, 'back');
    }
  }

  close(): void {
    for (const pipe of this.#open.values()) pipe?.close();
    this.#open.clear();
  }

  #planOf(name: string): StdioPipePlan | undefined {
    return this.#plans.find((plan) => plan.name === name);
  }

  #pipe(name: string, direction: 'forth' | 'back'): StdioPipe | null {
    const key = `${name}/${direction}`;
    let pipe = this.#open.get(key);
    if (pipe === undefined) {
      pipe = openStdioPipe(this.#fifos);
      this.#open.set(key, pipe);
      const plan = this.#planOf(name);
      if (plan !== undefined) this.#closeEnded(plan, direction);
    }
    return pipe;
  }

  #closeEnded(plan: StdioPipePlan, direction: 'forth' | 'back'): void {
    const pipe = this.#open.get(`${plan.name}/${direction}`);
    const [writer, reader] = direction === 'forth' ? [plan.from, plan.to] : [plan.to, plan.from];
    if (this.#ended.has(writer)) pipe?.closeWriteEnd();
    if (this.#ended.has(reader)) pipe?.closeReadEnd();
  }
}
