/*
 * A run without processes, clocks or files: the engine and a real broker in virtual time, and scripted
 * programs in place of commands (see `virtual-program.ts`). Everything that the engine wants is carried
 * out, everything that happens is recorded, and the invariants of `virtual-watch.ts` are looked at
 * after every step.
 */
import { createMemoryBroker } from '../../src/broker/memory-broker.ts';
import type { Broker } from '../../src/broker/broker.ts';
import type { Effect, RunEnd, TaskRecord } from '../../src/engine/effect.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { EngineEvent, ProcessKey } from '../../src/engine/engine-event.ts';
import { jobserverDefinitions, runSlotDefinitions } from '../../src/engine/limit-definitions.ts';
import { type RunEvent, stampEvent } from '../../src/engine/run-event.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { askNow } from '../../src/runtime/ask-now.ts';
import { askingsOf } from './chance-program.ts';
import { Draw } from './draw.ts';
import type { CallAnswer } from './virtual-call.ts';
import { VirtualClock } from './virtual-clock.ts';
import { holderOf, VirtualDoor } from './virtual-door.ts';
import { VirtualEchoes } from './virtual-echoes.ts';
import { VirtualFaults } from './virtual-faults.ts';
import { VirtualJobservers } from './virtual-jobservers.ts';
import { VirtualOrder } from './virtual-order.ts';
import { type ProcessSurroundings, VirtualProcess } from './virtual-process.ts';
import { programOf } from './virtual-program.ts';
import { randomFrom } from './virtual-random.ts';
import { VirtualSources } from './virtual-sources.ts';
import { VirtualWatch } from './virtual-watch.ts';
import type { EngineUnderTest, WorldOptions } from './world-options.ts';

/** What came of a run. */
export interface WorldResult {
  readonly end: RunEnd;
  readonly endedMs: number;
  readonly events: readonly RunEvent[];
  readonly effects: readonly Effect[];
  readonly records: readonly TaskRecord[];
  /** Lines of programs and `print` steps, and with `< ` before them lines that were read. */
  readonly output: readonly { readonly atMs: number; readonly instance: string; readonly text: string }[];
  /** Signals that groups were sent, SIGCONT left out. */
  readonly signals: readonly { readonly atMs: number; readonly instance: string; readonly signal: string }[];
  /** What calls of the door were answered, in order. */
  readonly answers: readonly CallAnswer[];
  /** The most commands that ran at once. */
  readonly mostCommands: number;
  /** Tokens that lie in the pipe of each jobserver at the end. */
  readonly tokens: ReadonlyMap<string, number>;
}

const signalNumbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGPIPE: 13, SIGTERM: 15 };
/** A run that takes more steps goes round in circles. */
const maxSteps = 6000;
/** Longest delay that a seed puts before anything that the engine hears, in ms. */
const maxDelayMs = 3;
/** When a probe that says nothing is over, in ms. */
const probeMs = 1;

/** Runs a plan to its end in virtual time; throws when it does what no run may do, or hangs. */
export function runVirtually(plan: Plan, options: WorldOptions = {}): WorldResult {
  return new VirtualWorld(plan, options).run();
}

class VirtualWorld {
  readonly #options: WorldOptions;
  readonly #order: VirtualOrder;
  readonly #clock: VirtualClock;
  readonly #random: (() => number) | null;
  readonly #engine: EngineUnderTest;
  readonly #watch: VirtualWatch;
  readonly #faults: VirtualFaults;
  readonly #jobservers: VirtualJobservers;
  #mostCommands = 0;
  readonly #events: RunEvent[] = [];
  readonly #effects: Effect[] = [];
  readonly #records: TaskRecord[] = [];
  readonly #output: { atMs: number; instance: string; text: string }[] = [];
  readonly #signals: { atMs: number; instance: string; signal: string }[] = [];
  readonly #sources: VirtualSources;
  readonly #lineProbes: { readonly probe: number; readonly instance: string; readonly pattern: RegExp }[] = [];
  /** Of a pool, why a record is not in its file. */
  readonly #lost = new Map<string, string>();
  readonly #silenced = new Set<number>();
  /** Tasks that a worker of a pool has begun. */
  readonly #begun = new Set<string>();
  readonly processes = new Map<ProcessKey, VirtualProcess>();
  readonly broker: Broker;
  /** What calls of the door start, or start anew. */
  readonly startedFromOutside: ReadonlySet<string>;
  #end: RunEnd | null = null;
  readonly #door: VirtualDoor;
  readonly #chance: ProcessSurroundings['chance'];
  readonly #echoes = new VirtualEchoes((look) => this.#tell('echo', { type: 'echoed', look }));
  #nextPid = 1000;

  constructor(plan: Plan, options: WorldOptions) {
    this.#options = options;
    this.#order = new VirtualOrder(options.inOrder);
    this.#random = options.seed === undefined ? null : randomFrom(options.seed);
    this.#clock = new VirtualClock(this.#random);
    this.#sources = new VirtualSources(options.sources ?? {});
    this.#faults = new VirtualFaults(options.faults ?? null, this.#random);
    const isUnderMake = options.makeTokens !== undefined;
    this.#jobservers = new VirtualJobservers(options.makeTokens ?? 0, (type, jobserver) => this.#tell(`tokens ${jobserver}`, { type, jobserver }));
    const createEngine = options.createEngine ?? ((...input) => new Engine(...input));
    this.#engine = createEngine(plan, {
      runId: 'run',
      runFolder: '/project/.mpctl/runs/run',
      environment: {},
      random: this.#random ?? (() => 0.5),
      signalNumber: (name) => signalNumbers[name] ?? 0,
      lineOf: (place) => place.join('.'),
      ...(options.earlier === undefined ? {} : { earlier: options.earlier }),
      // Now and then it is not known at once.
      askNow: (owner, operation) => (this.#random !== null && this.#random() < 0.5 ? null : askNow(this.broker, owner, operation, this.#clock.nowMs)),
      isUnderMake,
      ...this.#order.engineOptions,
    });
    this.broker = this.#order.before(createMemoryBroker([...plan.primitives, ...runSlotDefinitions(plan), ...jobserverDefinitions(plan, isUnderMake)]));
    this.broker.listen((event) => {
      const answer = this.#echoes.answered();
      this.#clock.later(this.#random === null ? 'broker' : `broker ${answer}`, this.#delayMs(), () => {
        this.#step({ type: 'sync', event });
        this.#echoes.heard(answer);
      });
    });
    const calls = (options.calls ?? []).flatMap(({ event }) => (event.type === 'call' ? [event.call] : []));
    this.startedFromOutside = new Set(calls.flatMap((call) => (call.type === 'restart' || call.type === 'start' ? [call.name] : [])));
    this.#watch = new VirtualWatch(plan, this);
    this.#door = new VirtualDoor(options.looks, (event) => this.#step(event));
    this.#chance = this.#random === null ? null : { draw: new Draw(this.#random), askings: askingsOf(plan), lasting: options.lasting ?? new Set() };
  }

  run(): WorldResult {
    this.#step({ type: 'begin' });
    for (const { atMs, signal } of this.#options.signals ?? []) {
      this.#clock.later(`${signal} ${atMs}`, atMs, () => this.#step({ type: 'signal', signal }));
    }
    for (const { atMs, event } of this.#options.calls ?? []) {
      this.#clock.later(`call ${atMs}`, atMs, () => this.#door.hear(event));
    }
    this.#beginFaults();
    for (let steps = 0; this.#end === null; steps += 1) {
      if (steps > maxSteps) throw new Error(`the run goes round in circles: ${this.#last()}`);
      this.#goOn();
    }
    const end: RunEnd = this.#end;
    this.#watch.finishes(end, this.#clock.nowMs);
    return {
      end,
      endedMs: this.#clock.nowMs,
      events: this.#events,
      effects: this.#effects,
      records: this.#records,
      output: this.#output,
      signals: this.#signals,
      answers: this.#door.answers,
      mostCommands: this.#mostCommands,
      tokens: this.#jobservers.free,
    };
  }

  #beginFaults(): void {
    for (const atMs of this.#options.faults?.deathsMs ?? []) {
      this.#clock.later(`death ${atMs}`, atMs, () => {
        const death = this.#faults.death([...this.processes.values()].filter(({ groupIsAlive }) => groupIsAlive));
        death?.victim.die(death.signal);
      });
    }
    for (const { atMs, byMs } of this.#options.faults?.jumps ?? []) {
      this.#clock.later(`jump ${atMs}`, atMs, () => {
        this.#clock.advanceTo(this.#clock.nowMs + byMs);
        this.#watch.slept(byMs);
      });
    }
  }

  /** Goes on to whatever comes next: a happening, or a time that the engine or the broker waits for. */
  #goOn(): void {
    const happensMs = this.#clock.nextMs() ?? Infinity;
    if (Math.min(this.#timedMs(), happensMs) > this.#clock.nowMs) this.#rest();
    if (Math.min(this.#timedMs(), happensMs) > this.#clock.nowMs && this.#order.takeTurn(this.#clock.nowMs)) return;
    const timedMs = this.#timedMs();
    if (timedMs === Infinity && happensMs === Infinity) throw new Error(`the run hangs: ${this.#last()}`);
    this.#clock.advanceTo(Math.min(timedMs, happensMs));
    const isTimed = timedMs <= this.#clock.nowMs;
    const happens = isTimed && (this.#random === null || this.#random() < 0.5) ? null : this.#clock.takeDue();
    if (happens === null) this.#step({ type: 'tick' });
    else happens();
  }

  #timedMs(): number {
    return Math.min(this.#engine.nextWakeMs() ?? Infinity, this.broker.nextDeadlineMs() ?? Infinity);
  }

  /** Everything has been heard: the engine may say who waits. */
  #rest(): void {
    for (const effect of this.#engine.rest()) this.#carryOut(effect, this.#clock.nowMs);
  }

  #step(event: EngineEvent): void {
    const { nowMs } = this.#clock;
    const dueMs = this.broker.nextDeadlineMs();
    if (dueMs !== null && dueMs <= nowMs) this.broker.expire(nowMs);
    this.#watch.hears(event, nowMs);
    for (const effect of this.#engine.step(event, nowMs)) {
      this.#effects.push(effect);
      this.#watch.wants(effect);
      this.#carryOut(effect, nowMs);
    }
    this.#watch.looks();
  }

  /** Lets the engine hear of something, in the order of its channel. */
  #tell(channel: string, event: EngineEvent | (() => EngineEvent), lateMs = 0): void {
    this.#clock.later(channel, this.#delayMs() + lateMs, () => this.#step(typeof event === 'function' ? event() : event));
  }

  #delayMs(): number {
    return this.#random === null ? 0 : Math.floor(this.#random() * maxDelayMs);
  }

  #carryOut(effect: Effect, nowMs: number): void {
    switch (effect.type) {
      case 'request':
        this.broker.request(effect.request, nowMs);
        return;
      case 'request_turn':
        this.#order.requestTurn(effect.request, nowMs, (event) => this.#tell('turns', { type: 'sync', event }));
        return;
      case 'cancel_request':
        this.broker.cancel(effect.requestId, nowMs);
        return;
      case 'close':
        this.broker.close(effect.closing, nowMs);
        return;
      case 'holder_ended':
        this.broker.holderEnded(effect, nowMs);
        return;
      case 'pipe_ended':
      case 'recall':
        // Virtual programs borrow nothing; a test finds it among the effects.
        return;
      case 'answer':
        this.#door.answer(effect, nowMs);
        return;
      case 'owner_ended':
        this.broker.ownerEnded(effect.instance, effect.final, nowMs);
        return;
      case 'report':
        this.#events.push(stampEvent(effect.event, nowMs));
        return;
      case 'spawn':
        this.#spawn(this.#order.commandFor(effect.order));
        return;
      case 'signal':
        this.#signal(effect.key, effect.signal);
        return;
      case 'echo':
        this.#echoes.ask(effect.look);
        return;
      case 'look_at_program':
        this.#look(effect.key);
        return;
      case 'write_line':
        this.processes.get(effect.key)?.takeLine(effect.text);
        return;
      case 'send_tasks':
        this.processes.get(effect.key)?.takeTasks(effect.tasks);
        return;
      case 'end_input':
        this.processes.get(effect.key)?.endInput();
        return;
      case 'print':
        this.#print(effect);
        return;
      case 'open_results':
        this.#tell(`files ${effect.pool}`, { type: 'results_opened', pool: effect.pool, failure: this.#whyNot([effect.resultsFile, effect.joblog], ['closed']) });
        return;
      case 'close_results':
        this.#tell(`files ${effect.pool}`, { type: 'results_closed', pool: effect.pool, failure: this.#lost.get(effect.pool) ?? null });
        this.#lost.delete(effect.pool);
        return;
      case 'probe':
        this.#probe(effect);
        return;
      case 'cancel_probe':
        this.#silenced.add(effect.probe);
        return;
      case 'read_tasks':
        this.#tell(`source ${effect.pool}`, this.#sources.read(effect), this.#options.slowSourcesMs);
        return;
      case 'record_task':
        this.#record(effect);
        return;
      case 'finish':
        this.#end = effect.end;
        return;
      case 'pause_output':
        this.processes.get(effect.key)?.pauseOutput();
        return;
      case 'resume_output':
        this.processes.get(effect.key)?.resumeOutput();
        return;
      case 'ask_token':
      case 'unask_token':
      case 'put_back_token':
      case 'fill_jobserver':
        this.#jobservers.carryOut(effect);
        return;
      case 'close_instance':
      case 'await_instance':
      case 'hold_record':
    }
  }

  #print({ instance, text, target, machine }: Extract<Effect, { type: 'print' }>): void {
    const failure = target.type === 'file' ? this.#whyNot([target.file], ['closed', 'full']) : null;
    if (failure === null) this.#line(instance, text);
    if (machine !== null) this.#tell(`print ${machine}`, { type: 'printed', machine, failure });
  }

  #record({ record, pool, resultsFile, joblog }: Extract<Effect, { type: 'record_task' }>): void {
    const failure = this.#whyNot([resultsFile, joblog], ['closed', 'full']);
    if (failure === null) this.#records.push(record);
    else this.#lost.set(pool, failure);
  }

  #whyNot(files: readonly (string | null)[], states: readonly string[]): string | null {
    const isFull = states.includes('full') && this.#faults.isDiskFull(this.#clock.nowMs);
    const found = files.find((file) => file !== null && (isFull || states.includes(this.#options.unwritable?.[file] ?? '')));
    return found === undefined ? null : `\`${found}\` cannot be written`;
  }

  #spawn(order: Extract<Effect, { type: 'spawn' }>['order']): void {
    const process = new VirtualProcess(order, {
      tell: (channel, event, lateMs) => this.#tell(channel, event, lateMs),
      later: (channel, delayMs, happen) => this.#clock.later(channel, delayMs, happen),
      endInstance: (instance, code) => {
        for (const other of this.processes.values()) if (other.order.instance === instance && other !== process) other.end(code, null);
      },
      wrote: (writer, text) => this.#line(writer.order.instance, text),
      nowMs: () => this.#clock.nowMs,
      faults: this.#faults,
      chance: this.#chance,
      ask: ({ order: { key, instance } }, call, answered) => this.#clock.later(`door ${key}`, this.#delayMs(), () => this.#door.ask({ instance, holder: holderOf(key) }, call, answered)),
      left: ({ order: { key, instance } }) => this.#clock.later(`door ${key}`, this.#delayMs(), () => this.#door.leave({ instance, holder: holderOf(key) })),
      isFirst: (slot, task) => {
        const name = `${slot.slice(0, slot.lastIndexOf('-'))} ${task}`;
        const isFirst = !this.#begun.has(name);
        this.#begun.add(name);
        return isFirst;
      },
    });
    this.processes.set(order.key, process);
    this.#nextPid += 1;
    process.start(this.#nextPid);
    this.#mostCommands = Math.max(this.#mostCommands, [...this.processes.values()].filter(({ leaderIsAlive }) => leaderIsAlive).length);
  }

  #look(key: ProcessKey): void {
    this.#tell(`look ${key}`, () => this.#door.see(key, this.processes.get(key)?.order.instance ?? '', this.#clock.nowMs));
  }

  #signal(key: ProcessKey, signal: string): void {
    const process = this.processes.get(key);
    if (process === undefined) throw new Error(`${signal} for process ${key}, which there never was`);
    if (signal !== 'SIGCONT') this.#signals.push({ atMs: this.#clock.nowMs, instance: process.order.instance, signal });
    process.signal(signal);
  }

  /** A line of output, which a probe may wait for. */
  #line(writer: string, text: string): void {
    this.#output.push({ atMs: this.#clock.nowMs, instance: writer, text });
    const seen = this.#lineProbes.findIndex(({ instance, pattern }) => instance === writer && pattern.test(text));
    const [probe] = seen < 0 ? [] : this.#lineProbes.splice(seen, 1);
    if (probe !== undefined) this.#answer(probe.probe, true);
  }

  #probe({ probe, plan, instance, argv }: Extract<Effect, { type: 'probe' }>): void {
    if (plan.type === 'log_line') {
      this.#lineProbes.push({ probe, instance, pattern: new RegExp(plan.pattern, 'u') });
      return;
    }
    this.#clock.later(`probe ${probe}`, probeMs, () => {
      const process = [...this.processes.values()].findLast((one) => one.order.instance === instance);
      this.#answer(probe, process?.answers(programOf(argv, new Map())) === true);
    });
  }

  #answer(probe: number, ok: boolean): void {
    if (this.#silenced.has(probe)) return;
    this.#tell(`probe ${probe}`, { type: 'probed', probe, ok, message: ok ? '' : 'it says no' });
  }

  /** The last things that happened, for the sentence about what is wrong. */
  #last(): string {
    return this.#events.slice(-8).map((event) => JSON.stringify(event)).join('\n  ');
  }
}
