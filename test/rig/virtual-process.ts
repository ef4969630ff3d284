import type { SpawnOrder } from '../../src/engine/effect.ts';
import type { Json } from '../../src/base/json.ts';
import type { EngineCall } from '../../src/engine/caller.ts';
import type { EngineEvent, WorkerAnswer } from '../../src/engine/engine-event.ts';
import { actByChance, type Asking } from './chance-program.ts';
import type { Draw } from './draw.ts';
import type { VirtualFaults } from './virtual-faults.ts';
import { programOf, type Instruction } from './virtual-program.ts';
import { VirtualWorker } from './virtual-worker.ts';

/** What a virtual process may do to the world around it. */
export interface ProcessSurroundings {
  /** Tells the engine, in the order of the channel and after a delay that the world chooses. */
  tell(channel: string, event: EngineEvent | (() => EngineEvent), lateMs?: number): void;
  later(channel: string, delayMs: number, happen: () => void): void;
  /** Ends the command of an instance with a code, as its own stop command would. */
  endInstance(instance: string, code: number): void;
  /** A line on its standard output, or one that it read. */
  wrote(process: VirtualProcess, text: string): void;
  nowMs(): number;
  /** Whether no worker has begun this task of the pool of a slot before. */
  isFirst(slot: string, task: number): boolean;
  /** What goes wrong. */
  readonly faults: VirtualFaults;
  /** What chance has, what each may ask, and who does not end by himself; null where nothing is up to chance. */
  readonly chance: { readonly draw: Draw; readonly askings: ReadonlyMap<string, readonly Asking[]>; readonly lasting: ReadonlySet<string> } | null;
  /** It asks the engine something. */
  ask(process: VirtualProcess, call: EngineCall, answered: (isGranted: boolean) => void): void;
  /** It asks nothing any more. */
  left(process: VirtualProcess): void;
}

/** A process of the virtual world: it does what its program says, and dies of signals. */
export class VirtualProcess {
  readonly order: SpawnOrder;
  readonly environment: ReadonlyMap<string, string>;
  readonly #surroundings: ProcessSurroundings;
  readonly #program: readonly Instruction[];
  readonly #traps = new Map<string, { readonly ms: number; readonly code: number } | 'ignored'>();
  readonly #captured: string[] = [];
  #stdoutBytes = 0;
  #next = 0;
  #leaderIsAlive = false;
  #memberIsAlive = false;
  #outliveMs = 0;
  #clings = false;
  #startedMs = 0;
  #hasAsked = false;
  #inputEnded = false;
  #readMs: number | null = null;
  #isTrapped = false;
  /** What waits while its output is not read; null while it is. */
  #held: EngineEvent[] | null = null;
  #worker: VirtualWorker | null = null;
  /** Answers that are on their way and were not read yet. */
  #answers: WorkerAnswer[] = [];
  #outputIsClosed = false;
  /** Its start takes long. */
  #isComing = false;
  /** What it was sent before it was there. */
  readonly #earlySignals: string[] = [];
  readonly #early: { readonly index: number; readonly item: Json }[] = [];

  constructor(order: SpawnOrder, surroundings: ProcessSurroundings) {
    this.order = order;
    this.environment = new Map(order.environment.map(([name, value]) => [name, value ?? '']));
    this.#surroundings = surroundings;
    this.#program = programOf(order.argv, this.environment);
  }

  get leaderIsAlive(): boolean {
    return this.#leaderIsAlive;
  }

  get groupIsAlive(): boolean {
    return this.#leaderIsAlive || this.#memberIsAlive;
  }

  /** Whether it has run for long enough to say yes to a probe of these instructions. */
  answers(probe: readonly Instruction[]): boolean {
    const ageMs = this.#surroundings.nowMs() - this.#startedMs;
    const { chance } = this.#surroundings;
    if (chance !== null && probe.some(({ verb }) => verb === 'any')) return this.#leaderIsAlive && (chance.lasting.has(this.order.instance) || chance.draw.chance(0.5));
    const isUp = probe.every((one) => one.verb !== 'up' || ageMs >= one.ms);
    return this.#leaderIsAlive && isUp && probe.every((one) => one.verb !== 'down' || ageMs < one.ms);
  }

  /** Starts it, unless it cannot be. */
  start(pid: number): void {
    const fault = this.#surroundings.faults.spawnFault();
    const refusal = this.#program.find((one) => one.verb === 'fail');
    if (fault?.type === 'fails') this.#refuse(fault);
    else if (refusal?.verb === 'fail') this.#refuse({ code: 'MP801', exitCode: refusal.code });
    else if (fault?.type === 'slow') this.#beginLater(pid, fault.delayMs);
    else this.#begin(pid);
  }

  /** Somebody else ends the leader, or whoever it has left behind. */
  die(signal: string): void {
    if (this.#leaderIsAlive) this.end(null, signal);
    else this.#endMember();
  }

  #refuse({ code, exitCode }: { readonly code: string; readonly exitCode: number }): void {
    this.#tell({ type: 'spawn_failed', key: this.order.key, code, message: 'it cannot be started', hint: null, exitCode });
  }

  #beginLater(pid: number, delayMs: number): void {
    this.#isComing = true;
    this.#surroundings.later(`process ${this.order.key}`, delayMs, () => {
      this.#isComing = false;
      this.#begin(pid);
    });
  }

  #begin(pid: number): void {
    const { key } = this.order;
    this.#leaderIsAlive = true;
    this.#startedMs = this.#surroundings.nowMs();
    this.#tell({ type: 'spawned', key, pid });
    for (const signal of this.#earlySignals.splice(0)) this.signal(signal);
    this.#goOn();
  }

  /** The signal reaches the whole group. */
  signal(signal: string): void {
    if (signal === 'SIGCONT') return;
    if (this.#isComing) this.#earlySignals.push(signal);
    if (this.#memberIsAlive && (signal === 'SIGKILL' || !this.#clings)) this.#endMember();
    if (!this.#leaderIsAlive) return;
    const trap = signal === 'SIGKILL' ? undefined : this.#traps.get(signal);
    if (trap === 'ignored' || (trap !== undefined && this.#isTrapped)) return;
    if (trap === undefined) {
      this.end(null, signal);
      return;
    }
    this.#isTrapped = true;
    this.#after(trap.ms, () => this.end(trap.code, null));
  }

  /** Its output is no longer read: what it writes, and that it has written everything, waits. */
  pauseOutput(): void {
    this.#held ??= [];
  }

  resumeOutput(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const event of held) this.#tell(event);
  }

  /** A line of standard input: it is ready for another when it has dealt with it. */
  takeLine(text: string): void {
    this.#surroundings.wrote(this, `< ${text}`);
    const { key } = this.order;
    this.#after(this.#readMs ?? 0, () => this.#tell({ type: 'input_ready', key }));
  }

  /** Tasks for the worker that it is. */
  takeTasks(tasks: readonly { readonly index: number; readonly item: Json }[]): void {
    if (this.#worker === null) this.#early.push(...tasks);
    else this.#worker.take(tasks);
  }

  endInput(): void {
    this.#inputEnded = true;
    this.#worker?.endInput();
    if (this.#readMs === null) return;
    this.#readMs = null;
    this.#goOn();
  }

  /** Its leader ends. */
  end(code: number | null, signal: string | null): void {
    if (!this.#leaderIsAlive) return;
    this.#leaderIsAlive = false;
    if (this.#hasAsked) this.#surroundings.left(this);
    const { key, stdin, stdout, collect, slot } = this.order;
    // A launcher or the shell of a slot starts what reads nothing.
    const isLost = (slot || stdin.type === 'null') && this.#surroundings.faults.isLost();
    this.#memberIsAlive = this.#outliveMs > 0 && signal !== 'SIGKILL' && !isLost;
    const groupIsAlive = this.#memberIsAlive;
    const lateMs = this.#surroundings.faults.exitDelayMs();
    const keeps = collect || stdout.type === 'capture';
    const exit = isLost ? { code: null, signal: 'SIGKILL', isLost } : { code, signal };
    if (slot && !isLost && !groupIsAlive && this.#stdoutBytes === 0 && this.#held === null) {
      this.#surroundings.tell(`process ${key}`, { type: 'exited', key, exit, groupIsAlive, drained: { captured: keeps ? '' : null, stdoutBytes: 0 } }, lateMs);
      return;
    }
    this.#surroundings.tell(`process ${key}`, { type: 'exited', key, exit, groupIsAlive }, lateMs);
    this.#write({ type: 'drained', key, captured: keeps ? this.#captured.join('') : null, stdoutBytes: this.#stdoutBytes });
    if (groupIsAlive) this.#surroundings.later(`member ${key}`, this.#outliveMs, () => this.#endMember());
  }

  #endMember(): void {
    if (!this.#memberIsAlive) return;
    this.#memberIsAlive = false;
    this.#tell({ type: 'group_gone', key: this.order.key });
  }

  #write(event: EngineEvent): void {
    if (this.#held === null) this.#tell(event);
    else this.#held.push(event);
  }

  #tell(event: EngineEvent): void {
    this.#surroundings.tell(`process ${this.order.key}`, event);
  }

  #after(delayMs: number, act: () => void): void {
    this.#surroundings.later(`program ${this.order.key} ${delayMs}`, delayMs, () => {
      if (this.#leaderIsAlive) act();
    });
  }

  #goOn(): void {
    for (let one = this.#program[this.#next]; this.#leaderIsAlive; one = this.#program[this.#next]) {
      this.#next += 1;
      if (one === undefined) {
        this.end(0, null);
        return;
      }
      if (!this.#carryOut(one)) return;
    }
  }

  /** False where the program goes on later, or never. */
  #carryOut(one: Instruction): boolean {
    switch (one.verb) {
      case 'sleep':
        this.#after(one.ms, () => this.#goOn());
        return false;
      case 'read':
        if (this.#inputEnded) return true;
        this.#readMs = one.ms;
        return false;
      case 'serve':
      case 'hoard':
        this.#serve(one.count, one.verb === 'hoard');
        return false;
      case 'forever':
        return false;
      case 'any':
        this.#actByChance();
        return false;
      case 'exit':
        this.end(one.code, null);
        return false;
      case 'die':
        this.end(null, one.signal);
        return false;
      case 'print':
        this.#print(one.text);
        return true;
      case 'ignore':
        this.#traps.set(one.signal, 'ignored');
        return true;
      case 'trap':
        this.#traps.set(one.signal, one);
        return true;
      case 'leave':
      case 'cling':
        this.#outliveMs = one.ms;
        this.#clings = one.verb === 'cling';
        return true;
      case 'end':
        this.#surroundings.endInstance(one.instance, one.code);
        return true;
      case 'fail':
      case 'up':
      case 'down':
        return true;
    }
  }

  #actByChance(): void {
    const { chance } = this.#surroundings;
    const { instance } = this.order;
    if (chance === null) {
      this.end(0, null);
      return;
    }
    actByChance(chance.draw, chance.askings.get(instance) ?? [], chance.lasting.has(instance), {
      after: (delayMs, act) => this.#after(delayMs, act),
      ask: (call, answered) => {
        this.#hasAsked = true;
        this.#surroundings.ask(this, call, (isGranted) => this.#after(0, () => answered(isGranted)));
      },
      print: (text) => this.#print(text),
      end: (code, signal) => this.end(code, signal),
    });
  }

  #serve(count: number, hoards: boolean): void {
    const worker = new VirtualWorker(count, hoards, {
      after: (delayMs, act) => this.#after(delayMs, act),
      end: (code, signal) => this.end(code, signal),
      answer: (answer) => this.#answer(answer),
      closeOutput: () => this.#closeOutput(),
      served: () => this.#goOn(),
      isFirst: (task) => this.#surroundings.isFirst(this.order.instance, task),
      draw: this.#surroundings.chance?.draw ?? null,
    });
    this.#worker = worker;
    worker.take(this.#early.splice(0));
    if (this.#inputEnded) worker.endInput();
  }

  /** All that was written before it is read is read at once. */
  #answer(answer: WorkerAnswer): void {
    this.#answers.push(answer);
    if (this.#answers.length > 1) return;
    const { key } = this.order;
    this.#surroundings.tell(`process ${key}`, () => ({ type: 'answers', read: [{ key, answers: this.#answers.splice(0), ...(this.#outputIsClosed ? { isLast: true } : {}) }] }));
  }

  #closeOutput(): void {
    this.#outputIsClosed = true;
    // What was written before is read with it.
    if (this.#answers.length > 0) return;
    const { key } = this.order;
    this.#surroundings.tell(`process ${key}`, () => ({ type: 'answers', read: [{ key, answers: this.#answers.splice(0), isLast: true }] }));
  }

  #print(text: string): void {
    const { key, stdout, collect } = this.order;
    if (stdout.type === 'lines') this.#write({ type: 'line', key, stream: 'stdout', text });
    this.#stdoutBytes += Buffer.byteLength(`${text}\n`);
    if (stdout.type === 'capture' || collect) this.#captured.push(`${text}\n`);
    if (stdout.type !== 'capture') this.#surroundings.wrote(this, text);
  }
}
