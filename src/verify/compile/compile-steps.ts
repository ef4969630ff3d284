import type { InstancePlan, PoolPlan } from '../../plan/plan.ts';
import { asksForShutdown } from '../../plan/shuts-down.ts';
import type { Demand } from '../../sync/operation.ts';
import type { Step } from '../../plan/step.ts';
import type { Fact, Operation, Script, Statement, StepOnRun, Way } from '../model.ts';
import { does, either, firstOf, forever, orFails, programWays } from '../script-words.ts';
import { type CompileContext, handleQueue, pipeQueue, taskQueue } from './compile-context.ts';
import { compileExit, orNoCode } from './compile-exit.ts';
import { compileProgram, endsRun, withSlots } from './compile-program.ts';
import { compileResult } from './compile-result.ts';
import { exactMiss } from './exact-misses.ts';
import { endsWaiting, type Lifetime, mayFailAmong, mayFailBefore, mayFailHere, mayNotBeWritten, restingMs, takesTime } from './lifetime.ts';
import { mayBeEnding } from './may-be-ending.ts';
import { acts, depthOf } from './script-shape.ts';
import { lateBegin, mayFill } from './served-by-program.ts';
import { overEvent } from './pool-over.ts';
import { doesNone, openUntil, submitsAll } from './submit-tasks.ts';

/** Whose steps they are. */
export interface StepOwner {
  /** The instance or pool of the plan. */
  readonly who: string;
  /** The actor of the model. */
  readonly actor: string;
  readonly work: InstancePlan | PoolPlan;
  readonly isDaemon: boolean;
  /** What comes when it has succeeded. */
  readonly onSuccess: Script;
  /** Of each attempt, which may be over wherever it waits. */
  readonly lifetime: Lifetime;
}

/** Rounds and items are counted up to here, and taken for as many as it likes beyond. */
const maxRounds = 50;
const maxDepth = 2;

const fail: Statement = { type: 'fail', endsAll: false };

/** Compiles a list of steps. */
export function compileSteps(context: CompileContext, owner: StepOwner, steps: readonly Step[]): Script {
  return steps.flatMap((step) => {
    const done = new StepCompiler(context, owner, step).compile();
    const script: Script = context.isUnsure(step) ? [orFails('value', step.place), ...done] : done;
    return script.length === 0 ? [] : [...mayFailBefore(context, owner, step), ...(step.allowFailure ? [{ type: 'attempt', drops: 'nothing', body: script, onFailure: [] } as const] : script)];
  });
}

class StepCompiler {
  readonly #context: CompileContext;
  readonly #owner: StepOwner;
  readonly #step: Step;

  constructor(context: CompileContext, owner: StepOwner, step: Step) {
    this.#context = context;
    this.#owner = owner;
    this.#step = step;
  }

  compile(): Script {
    const step = this.#step;
    switch (step.verb) {
      case 'print':
        return mayNotBeWritten(this.#context, this.#owner, step.place);
      case 'sleep':
        return takesTime(this.#context, this.#owner, step.durationMs, step.place);
      case 'add':
      case 'store':
      case 'load':
        return [];
      case 'run':
        return this.#run(step);
      case 'acquire':
        return [this.#waits([{ operation: this.#acquires(step.demands), next: [] }])];
      case 'release':
        return [this.#does({ do: 'release', demands: step.demands })];
      case 'with': {
        const { demands } = step;
        const body = compileSteps(this.#context, this.#owner, step.steps);
        return [this.#waits([{ operation: this.#acquires(demands), next: [{ type: 'hold', demands, body, place: step.place }] }])];
      }
      case 'set':
      case 'clear':
        return [this.#does({ do: step.verb, event: step.event })];
      case 'wait':
        return this.#wait(step);
      case 'notify':
        return [this.#does({ do: 'notify', condition: step.condition, count: step.count, lock: this.#context.lockOf(step.condition) })];
      case 'abort':
      case 'reset':
        return [this.#does({ do: step.verb === 'abort' ? 'break' : 'reset', barrier: step.barrier })];
      case 'put':
        return this.#times(step.itemList === undefined ? step.items.length : null, step.queue);
      case 'get':
        return [this.#get(step.queue, this.#owner.work.taskDoneQueues.includes(step.queue), [])];
      case 'recv':
        return this.#receive(step.pipe);
      case 'each':
        return this.#each(step);
      case 'task_done':
        return [this.#does({ do: 'item_done', queue: step.queue })];
      case 'join':
        return [this.#join(step.target)];
      case 'send':
        return this.#send(step.pipe);
      case 'close':
        return this.#close(step);
      case 'submit':
        return this.#submit(step, this.#taskQueue(step.pool, step.as));
      case 'result':
        return compileResult(this.#context, { who: this.#owner.who, actor: this.#owner.actor, step, runsItsTime: this.#runsItsTime, waits: (ways) => this.#waits(ways) });
      case 'start': {
        if (this.#context.isToCome(step.instances)) return [this.#choose([{ operation: { do: 'nothing', fails: 'value' }, next: [fail] }])];
        const alive = step.pool ? [step.name] : this.#context.modelled(step.instances);
        const actors = step.pool ? withSlots(this.#context, step.name) : alive;
        return [
          this.#choose([
            { operation: { do: 'start', actors }, next: [] },
            { operation: { do: 'find_alive', actors: alive, ...this.#orEnding(step) }, next: [fail] },
          ]),
        ];
      }
      case 'terminate':
      case 'kill':
        return [this.#does({ do: 'stop', step: step.verb, actors: step.pool ? withSlots(this.#context, step.name) : this.#context.modelled(step.instances) })];
      case 'repeat':
        return this.#repeat(step);
      case 'exit':
        return compileExit(this.#context, this.#owner, step.code, step.place);
      case 'shutdown':
        return [this.#choose([endsRun, ...orNoCode(step.code)])];
    }
  }

  #orEnding(step: Extract<Step, { verb: 'start' }>): { readonly orEnding?: true } {
    if (!mayBeEnding(this.#context, this.#owner.who, step)) return {};
    this.#context.assume('coarser', `\`${step.name}\`, once it was ended, may take any time for that`, step.place);
    return { orEnding: true };
  }

  #does(operation: Operation): Statement {
    return does(operation, this.#step.place);
  }

  #acquires(demands: readonly Demand[]): Operation {
    return { do: 'acquire', demands, isTimed: this.#step.timeoutMs !== null, isTried: this.#step.timeoutMs === 0 };
  }

  #choose(ways: readonly Way[]): Statement {
    return firstOf(ways, this.#step.place);
  }

  /** A step that may wait, and may have waited long enough. `late` is what comes then. */
  #waits(ways: readonly Way[], breaks: string | null = null, late: Script = this.#onTimeout()): Statement {
    const hasTime = this.#step.timeoutMs !== null || (breaks !== null && this.#context.barrierTimes(breaks));
    const timeOut = (): Way => ({ operation: { do: 'time_out', breaks, ...exactMiss(this.#context, this.#step, this.#owner.who) }, next: late });
    return this.#choose([...ways, ...(hasTime ? [timeOut()] : []), ...this.#lifeTime()]);
  }

  /** Waits as long as it takes, and fails with the time of the whole attempt. */
  #takes(demands: readonly Demand[]): Statement {
    return this.#choose([{ operation: { do: 'acquire', demands, isTimed: this.#owner.lifetime.timeMs !== null }, next: [] }, ...this.#lifeTime()]);
  }

  #lifeTime(): readonly Way[] {
    return endsWaiting(this.#owner);
  }

  #mayFail(): Script {
    return mayFailHere(this.#context, this.#owner, this.#step.place);
  }

  /** Whoever has waited at a condition takes its lock again. Until he has it, nobody knows how his wait has ended, and what he may still do. */
  #takesAgain(lock: string, next: Script): Script {
    const thinkable: readonly Script[] = this.#step.timeoutMs === null ? [[]] : [[], this.#onTimeout()];
    return [this.#choose([{ operation: { do: 'acquire', demands: [{ name: lock, permits: 1 }], isTimed: this.#owner.lifetime.timeMs !== null, isRetake: true }, next, thinkable }, ...this.#lifeTime()])];
  }

  #onTimeout(): Script {
    const { onTimeout } = this.#step;
    switch (onTimeout.type) {
      case 'fail':
        return [fail];
      case 'continue':
        return [];
      case 'steps':
        return compileSteps(this.#context, this.#owner, onTimeout.steps);
    }
  }

  #run({ command }: Extract<Step, { verb: 'run' }>): Script {
    const { who, work, isDaemon } = this.#owner;
    const { place, timeoutMs, onTimeout } = this.#step;
    const demands = this.#context.withSlot([], isDaemon);
    const isCutShort = timeoutMs !== null && onTimeout.type !== 'fail';
    // Its slot is given back before what comes then.
    const over = (loops: number): Script => (isCutShort ? [{ type: 'leave', loops: loops + 1, next: this.#onTimeout() }] : [fail]);
    const late = (loops: number): readonly Way[] => programWays([...(timeoutMs === null ? [] : [['is_late', over(loops)] as const]), ...(this.#owner.lifetime.timeMs === null ? [] : [['is_late', [{ type: 'fail', endsAll: true }]] as const])]);
    const program = compileProgram(this.#context, { who, streams: null, work, place, isEndless: false, onFailure: [fail], isFollowed: true, endsRun: asksForShutdown(command), cuts: mayFailAmong(this.#context, this.#owner, place), late });
    const body: Script = demands.length === 0 ? program : [this.#takes(demands), { type: 'hold', demands, body: program, place }];
    return isCutShort ? [{ type: 'repeat', rounds: 1, body }] : body;
  }

  #wait(step: Extract<Step, { verb: 'wait' }>): Script {
    const { name } = step;
    switch (step.kind) {
      case 'event': {
        const facts = [{ type: 'event', event: name }] as const;
        return [this.#awaits(facts, this.#context.mayBeCleared(name) ? { do: 'await_pulse', event: name } : null)];
      }
      case 'barrier':
        if (this.#context.hasUnknownParties(name)) return [];
        return [
          this.#waits(
            [
              { operation: { do: 'arrive', barrier: name }, next: [] },
              { operation: { do: 'find_broken_barrier', barrier: name }, next: [fail] },
            ],
            name,
          ),
        ];
      case 'condition': {
        const lock = this.#context.lockOf(name);
        const late = this.#takesAgain(lock, this.#onTimeout());
        const inVain = this.#takesAgain(lock, this.#inVain());
        if (this.#step.timeoutMs === 0) return [this.#choose([{ operation: { do: 'wait_notified', condition: name, lock, isTried: true }, next: late }, { operation: { do: 'find_unnotifiable', condition: name, isTried: true }, next: inVain }])];
        const notified = [...this.#mayFail(), ...this.#takesAgain(lock, [])];
        if (this.#runsItsTime) return [this.#waits([{ operation: { do: 'wait_notified', condition: name, lock, runsItsTime: true }, next: notified }], null, late)];
        return [this.#waits([{ operation: { do: 'wait_notified', condition: name, lock }, next: notified }, { operation: { do: 'find_unnotifiable', condition: name }, next: inVain }], null, late)];
      }
    }
  }

  #awaits(facts: readonly Fact[], pulse: Operation | null = null, step: StepOnRun | null = null): Statement {
    const which = step === null ? {} : { step };
    return this.#waits([
      { operation: pulse ?? { do: 'await', facts, ...which }, next: [] },
      { operation: { do: 'find_impossible', facts, ...which }, next: this.#inVain() },
    ]);
  }

  /** Whether it goes on after its time anyway, so that it does so where it can no longer come true as well (language page, semantics 4). */
  get #runsItsTime(): boolean {
    const { timeoutMs, onTimeout } = this.#step;
    return timeoutMs !== null && onTimeout.type === 'continue';
  }

  /** What comes where a wait can no longer come true: it fails, and one that goes on after its time anyway just runs its time. */
  #inVain(): Script {
    return this.#runsItsTime ? [] : [fail];
  }

  #put(queue: string, late?: Script): Statement {
    const findsBroken = this.#findsBroken(queue);
    return this.#waits([{ operation: { do: 'put', queue }, next: [], ...openUntil(findsBroken) }, { operation: findsBroken, next: [fail] }], null, late);
  }

  #submit(step: Extract<Step, { verb: 'submit' }>, queue: string): Script {
    const all = submitsAll(step, this.#findsBroken(queue));
    return all === null ? this.#times(step.itemList === undefined ? step.items.length : null, queue) : [...this.#mayFail(), ...all];
  }

  /** Nobody takes from a queue any more. A pool that was never started has the tasks that are submitted to it, for whatever becomes of them. */
  #findsBroken(queue: string): Extract<Operation, { do: 'find_broken_queue' }> {
    const step = this.#step;
    const pool = step.verb === 'submit' ? this.#context.pool(step.pool) : undefined;
    const once = pool === undefined ? null : overEvent(this.#context, pool);
    return { do: 'find_broken_queue', queue, ...(pool?.autostart === false ? { unlessNever: pool.name } : {}), ...(once === null ? {} : { once }) };
  }

  #get(queue: string, keeps: boolean, next: Script, late?: Script): Statement {
    return this.#waits(
      [
        { operation: { do: 'get', queue, keeps: keeps && this.#context.handsMatter(queue) }, next },
        { operation: { do: 'find_end', queues: [queue] }, next: [{ type: 'leave' }] },
      ],
      null,
      late,
    );
  }

  #each({ source, steps, place }: Extract<Step, { verb: 'each' }>): Script {
    const body = compileSteps(this.#context, this.#owner, steps);
    if (source.kind === 'pipe') return [forever([...this.#mayFail(), ...this.#receive(source.name, this.#leavesLate()), ...body])];
    const keeps: Script = this.#context.handsMatter(source.name) ? [{ type: 'keep', queue: source.name, body, place }] : body;
    return [forever([...this.#mayFail(), this.#get(source.name, true, keeps, this.#leavesLate())])];
  }

  /** A loop that is one step is over with the time of any of its waits. */
  #leavesLate(): Script {
    return this.#step.onTimeout.type === 'fail' ? [fail] : [{ type: 'leave', next: this.#onTimeout() }];
  }

  /** What comes where the step has only so much time. */
  #orLate(late: Script = this.#onTimeout()): readonly Script[] {
    return this.#step.timeoutMs === null ? [] : [late];
  }

  /** What comes where the time of its attempt is over. */
  #orCut(): readonly Script[] {
    const ways = endsWaiting(this.#owner);
    return ways.length === 0 ? [] : [[firstOf(ways, this.#step.place)]];
  }

  /** The other end of a pipe. */
  #peerOf(pipe: string): string {
    const definition = this.#context.plan.primitives.find(({ name }) => name === pipe);
    const ends = definition?.kind === 'pipe' ? definition.ends : [];
    return ends.find((end) => end !== this.#owner.who) ?? '';
  }

  /** What comes only once the program at the other end of a pipe has begun, or `never` where it does not come to that. */
  #onceBegun(pipe: string, next: Script, never: Script, onTimeout?: Script): Script {
    const [peer = ''] = this.#context.modelled([this.#peerOf(pipe)]);
    const late = lateBegin(this.#context.plan, this.#context.instance(peer));
    return late === null ? next : [this.#waits([{ operation: { do: 'await', facts: late.begun }, next }, { operation: { do: 'await', facts: late.ended }, next: never }], null, onTimeout)];
  }

  #isServedByProgram(pipe: string): boolean {
    const peer = this.#peerOf(pipe);
    if (!this.#context.isProgram(peer)) return false;
    this.#context.assume('assumed', `the program of \`${peer}\` serves its end of the pipe \`${pipe}\``, this.#step.place);
    return true;
  }

  #receive(pipe: string, late?: Script): Script {
    if (this.#isServedByProgram(pipe)) return this.#onceBegun(pipe, [either([[], [{ type: 'leave' }], ...this.#orLate(late), ...this.#orCut()], this.#step.place)], [{ type: 'leave' }], late);
    return [this.#get(pipeQueue(pipe, this.#owner.who), false, [], late)];
  }

  #send(pipe: string): Script {
    if (this.#isServedByProgram(pipe)) {
      const { place } = this.#step;
      const others = [...this.#orLate(), ...this.#orCut()];
      const sent: Script = others.length === 0 ? [] : [either([[], ...others], place)];
      const begun = this.#onceBegun(pipe, sent, [fail]);
      const own = this.#context.instance(this.#owner.who);
      if (begun === sent || own === undefined || !mayFill(this.#context.plan, pipe, own)) return sent;
      this.#context.assume('coarser', `the pipe \`${pipe}\` may have no room for any message before \`${this.#peerOf(pipe)}\` begins`, place);
      return [either([sent, begun], place)];
    }
    return [this.#put(pipeQueue(pipe, this.#peerOf(pipe)))];
  }

  #close({ kind, name }: Extract<Step, { verb: 'close' }>): Script {
    switch (kind) {
      case 'queue':
        return [this.#does({ do: 'close', queues: [name] })];
      case 'pipe':
        // Nothing is sent any more, and nothing received.
        return this.#isServedByProgram(name) ? [] : [this.#does({ do: 'close', queues: [this.#peerOf(name), this.#owner.who].map((to) => pipeQueue(name, to)) })];
      case 'pool':
        return [this.#does({ do: 'close', queues: this.#poolQueues(name) })];
    }
  }

  #poolQueues(pool: string): readonly string[] {
    const handles = this.#context.stepsOf(this.#owner.who).flatMap((step) => (step.verb === 'submit' && step.pool === pool ? [this.#taskQueue(pool, step.as)] : []));
    return [...new Set([taskQueue(pool), ...handles])];
  }

  #taskQueue(pool: string, handle: string | null): string {
    return handle === null ? this.#context.submitQueue(pool) : handleQueue(pool, this.#owner.actor, handle);
  }

  #join(target: Extract<Step, { verb: 'join' }>['target']): Statement {
    switch (target.kind) {
      case 'queue':
        return this.#awaits([{ type: 'all_done', queue: target.name }]);
      case 'pool':
      case 'instances': {
        const actors = target.kind === 'pool' ? [target.name] : this.#context.modelled(target.instances);
        return this.#awaits([{ type: 'moment', actors, moment: 'exit' }], null, { verb: 'join', names: actors });
      }
    }
  }

  /** Puts so many items; null is a number that only the run knows. */
  #times(count: number | null, queue: string): Script {
    const isCounted = count !== null && count <= maxRounds;
    if (isCounted && count > 0 && (count === 1 || this.#step.onTimeout.type === 'fail')) return Array.from({ length: count }, () => [...this.#mayFail(), this.#put(queue)]).flat();
    // There is no loop that its time would be over with.
    if (count === 0) return [this.#choose(doesNone(this.#step, [...this.#mayFail(), this.#put(queue)], this.#findsBroken(queue)))];
    const put = [...this.#mayFail(), this.#put(queue, this.#leavesLate())];
    if (isCounted) return [{ type: 'repeat', rounds: count, body: put }];
    this.#context.assume('coarser', `\`${this.#owner.who}\` may do \`${this.#step.verb}\` any number of times`, this.#step.place);
    return [forever([either([put, [{ type: 'leave' }]], this.#step.place)])];
  }

  #repeat({ rounds, steps, place }: Extract<Step, { verb: 'repeat' }>): Script {
    const body = compileSteps(this.#context, this.#owner, steps);
    if (rounds === 'forever') return [forever(body.some(acts) ? body : [this.#choose([{ operation: { do: 'nothing' }, next: [] }, ...this.#lifeTime()])])];
    const rests = restingMs(this.#context, this.#owner.work, steps);
    if (rests !== null) return takesTime(this.#context, this.#owner, rests * (typeof rounds === 'number' ? rounds : rounds.length), place);
    if (!body.some(acts)) return body.length === 0 ? [] : [{ type: 'repeat', rounds: 1, body }];
    const count = typeof rounds === 'number' ? rounds : rounds.length;
    if (count <= maxRounds && depthOf(body) < maxDepth) return [{ type: 'repeat', rounds: count, body }];
    this.#context.assume('coarser', `a loop of \`${this.#owner.who}\` may have any number of rounds`, place);
    return [forever([either([body, [{ type: 'leave' }]], place)])];
  }
}
