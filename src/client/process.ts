import { fieldsOf, listOf, numberOrNull } from './answer.ts';
import { NotFound } from './errors.ts';
import { fieldOf } from './field-of.ts';
import { readProcessState, type ProcessState } from './process-state.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import type { Thread } from './thread.ts';
import type { WaitOptions } from './wait-options.ts';

/** Another process of the run: one instance, or by the name of the process all its instances. */
export class Process {
  readonly name: string;
  readonly #thread: Thread;

  constructor(thread: Thread, name: string) {
    this.#thread = thread;
    this.name = name;
  }

  /**
   * Starts it; does not wait for what it waits for itself.
   *
   * @throws Refused where it is alive, NotDeclared
   */
  async start(): Promise<void> {
    await this.#thread.ask('process.start', { name: this.name });
  }

  /**
   * Waits until it has ended for good; gives the exit code of each instance, -N when signal N ended it.
   *
   * @throws TimedOut, WouldBlock, Cancelled, Impossible where it was never started and nobody can start it any more
   */
  async join(options: WaitOptions = {}): Promise<Readonly<Record<string, number | null>>> {
    refuseUnknown(options);
    const answer = await this.#thread.wait('process.join', { name: this.name }, options);
    return fieldsOf(fieldOf(answer, 'exitcodes'), numberOrNull);
  }

  /** Ends it with its stop signal and, after its grace period, SIGKILL. */
  async terminate(): Promise<void> {
    await this.#thread.ask('process.terminate', { name: this.name });
  }

  /** Ends it with SIGKILL. */
  async kill(): Promise<void> {
    await this.#thread.ask('process.kill', { name: this.name });
  }

  /**
   * The state of each instance.
   *
   * @throws NotFound
   */
  async states(): Promise<readonly ProcessState[]> {
    const all = listOf(await this.#thread.ask('process.list', {})).map(readProcessState);
    const states = all.filter(({ name, process }) => name === this.name || process === this.name);
    if (states.length === 0) throw new NotFound('not_found', `the run has no process \`${this.name}\``);
    return states;
  }

  /** Whether one of its instances is alive; throws what `states` throws. */
  async isAlive(): Promise<boolean> {
    return (await this.states()).some(({ isAlive }) => isAlive);
  }
}
