import { err, ok, type Result } from '../base/result.ts';
import type { StdioPipePlan } from '../plan/plan.ts';
import type { FifoPool } from './processes/fifo-pool.ts';
import { type JoinedPipe, ownPipe } from './processes/program-pipes.ts';
import { openStdioPipe, type StdioPipe } from './processes/stdio-pipe.ts';

type End = 'read' | 'write';

/** Why a worker cannot have its end of a pipe. */
export interface PipeRefusal {
  /** One sentence without a final period. */
  readonly message: string;
  readonly hint: string | null;
}

/** One direction of a pipe, and which of its ends are still open here. */
interface OpenPipe {
  readonly pipe: StdioPipe;
  readonly ends: Set<End>;
  /** It was opened for one worker when the other one was over. */
  readonly isForOne: boolean;
}

/**
 * The kernel pipes between workers. A pipe is opened when the first of its two workers starts; our own
 * copy of an end is closed when its worker has ended for good, so that the other side sees end of file
 * or SIGPIPE then, and not before: until then the worker may be restarted. A closed end is never given
 * out again, since its number may belong to another file by then: a worker that is started once more
 * after its end for good gets a new pipe, or is refused while the other one still has the old one. The
 * other end of a new pipe is closed at once, unless it is awaited that the other worker lives again, too.
 */
export class StdioPipes {
  readonly #plans: readonly StdioPipePlan[];
  readonly #fifos: FifoPool;
  readonly #open = new Map<string, OpenPipe>();
  readonly #ended = new Set<string>();

  constructor(plans: readonly StdioPipePlan[], fifos: FifoPool) {
    this.#plans = plans;
    this.#fifos = fifos;
  }

  /** What the worker reads from, for a start of it. */
  inputFd(name: string, instance: string): Result<number, PipeRefusal> {
    return this.#endOf(name, instance, 'read');
  }

  /** What the worker writes to, for a start of it. */
  outputFd(name: string, instance: string): Result<number, PipeRefusal> {
    return this.#endOf(name, instance, 'write');
  }

  /** The pipes that a worker has an end of, as long as it has not ended for good. */
  joinedTo(instance: string): readonly JoinedPipe[] {
    return this.#plans.flatMap((plan) => {
      if (plan.from !== instance && plan.to !== instance) return [];
      return (['forth', 'back'] as const).flatMap((direction): readonly JoinedPipe[] => {
        const end = (plan.from === instance) === (direction === 'forth') ? 'write' : 'read';
        const open = this.#open.get(keyOf(plan, direction));
        const pipe = open?.ends.has(end) === true ? ownPipe(fdOf(open, end)) : null;
        return pipe === null ? [] : [{ end: end === 'read' ? 'input' : 'output', pipe, other: plan.from === instance ? plan.to : plan.from }];
      });
    });
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

  /** It may be started again: of the next pipe its end is kept for it until it has ended once more. */
  await(instance: string): void {
    this.#ended.delete(instance);
  }

  close(): void {
    for (const { pipe } of this.#open.values()) pipe.close();
    this.#open.clear();
  }

  #endOf(name: string, instance: string, end: End): Result<number, PipeRefusal> {
    const plan = this.#plans.find((one) => one.name === name);
    if (plan === undefined) return err({ message: `there is no pipe \`${name}\``, hint: null });
    // Its last life may have been over for good, and it lives again.
    this.#ended.delete(instance);
    const direction = (plan.from === instance) === (end === 'write') ? 'forth' : 'back';
    const open = this.#open.get(keyOf(plan, direction));
    if (open?.ends.has(end) === true) return ok(fdOf(open, end));
    if (open !== undefined && open.ends.size > 0) return err(open.isForOne ? refusalOfPair(plan, instance) : refusal(plan, instance, end));
    const pipe = openStdioPipe(this.#fifos);
    if (pipe === null) return err({ message: `no kernel pipe could be made for \`${name}\``, hint: null });
    const opened: OpenPipe = { pipe, ends: new Set(['read', 'write']), isForOne: this.#ended.has(plan.from === instance ? plan.to : plan.from) };
    this.#open.set(keyOf(plan, direction), opened);
    this.#closeEnded(plan, direction);
    return ok(fdOf(opened, end));
  }

  #closeEnded(plan: StdioPipePlan, direction: 'forth' | 'back'): void {
    const open = this.#open.get(keyOf(plan, direction));
    if (open === undefined) return;
    const [writer, reader] = direction === 'forth' ? [plan.from, plan.to] : [plan.to, plan.from];
    if (this.#ended.has(writer) && open.ends.delete('write')) open.pipe.closeWriteEnd();
    if (this.#ended.has(reader) && open.ends.delete('read')) open.pipe.closeReadEnd();
  }
}

function keyOf(plan: StdioPipePlan, direction: 'forth' | 'back'): string {
  return `${plan.name}/${direction}`;
}

function fdOf({ pipe }: OpenPipe, end: End): number {
  return end === 'read' ? pipe.readFd : pipe.writeFd;
}

/** The other one may have met the closed end already, so there is no way to join them. */
function refusalOfPair(plan: StdioPipePlan, instance: string): PipeRefusal {
  const other = plan.from === instance ? plan.to : plan.from;
  return {
    message: `\`${other}\` was started while \`${instance}\` was over, and so nobody is at the other end of its pipe \`${plan.name}\``,
    hint: 'two `start` steps start both again as a pair',
  };
}

function refusal(plan: StdioPipePlan, instance: string, end: End): PipeRefusal {
  const other = plan.from === instance ? plan.to : plan.from;
  const has = end === 'write' ? 'has still to read what it wrote' : 'still writes';
  return { message: `\`${other}\` ${has} to the pipe \`${plan.name}\` in its last life`, hint: `start it once \`${other}\` has ended` };
}
