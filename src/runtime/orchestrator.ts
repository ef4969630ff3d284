/*
 * The loop between the engine and the world: what happened goes in, one event at a time, and the
 * effects are carried out in order. It decides nothing.
 */
import { delimiter, join } from 'node:path';
import { unreachable } from '../base/invariant.ts';
import type { Broker } from '../broker/broker.ts';
import type { DiagnosticCode } from '../diagnostics/catalogue.ts';
import type { Effect, RunEnd } from '../engine/effect.ts';
import { Engine } from '../engine/engine.ts';
import type { CallEvent, EngineEvent, HeardSignal } from '../engine/engine-event.ts';
import { jobserverDefinitions, runSlotDefinitions } from '../engine/limit-definitions.ts';
import type { RunEventBody } from '../engine/run-event.ts';
import { matchedPools } from '../plan/matched-tasks.ts';
import type { Plan } from '../plan/plan.ts';
import type { Containment } from './containment/containment.ts';
import { admitOperator } from './admit-operator.ts';
import { attemptCall } from './attempt-call.ts';
import { RunDesk } from './call-desk.ts';
import { OwnerEnds } from './owner-ends.ts';
import { runPrimitives, type RunPrimitives } from './run-primitives.ts';
import { Door } from './door/door.ts';
import { ClientFiles } from './door/client-files.ts';
import { Loans } from './door/loans.ts';
import { Keys } from './door/keys.ts';
import { type MakeJobserver, openMakeJobserver } from './jobserver/make-client.ts';
import { Probes } from './probes.ts';
import { ProgramLooks } from './program-looks.ts';
import { FateLog } from './fate-log.ts';
import { Recorder } from './recorder.ts';
import { earlierTasks, resumedPools } from './resumed-pools.ts';
import type { RunFolder } from './run-folder/run-folder.ts';
import type { RunOptions } from './run-options.ts';
import { runStarted } from './run-started.ts';
import { isTimeInDoubt, RunningTimer } from './running-ms.ts';
import { RunTime } from './run-time.ts';
import { signalNumber } from './signals.ts';
import { startedFirst } from './started-first.ts';
import { startWarnings } from './start-warnings.ts';
import { TaskSources } from './task-sources.ts';
import { commandInOrder, Turns } from './turns.ts';
import { Viewing } from './viewing.ts';
import { Workers } from './workers.ts';

/** Events handled before timers, signals and streams get their turn. */
const turnLimit = 256;

/** What a run needs besides its plan and its folder. */
interface OrchestratorOptions extends RunOptions {
  readonly containment: Containment;
  /** Largest frame or body that its door takes. */
  readonly maxFrameBytes: number;
}

/** One run in the real world. */
export class Orchestrator {
  readonly #plan: Plan;
  readonly #options: OrchestratorOptions;
  readonly #folder: RunFolder;
  readonly #engine: Engine;
  readonly #primitives: RunPrimitives;
  readonly #turns: Turns | null;
  readonly #broker: Broker;
  readonly #workers: Workers;
  readonly #loans: Loans;
  readonly #desk: RunDesk;
  readonly #door: Door;
  readonly #ownerEnds: OwnerEnds;
  readonly #looks: ProgramLooks;
  readonly #probes: Probes;
  readonly #sources: TaskSources;
  readonly #recorder: Recorder;
  readonly #fates: FateLog;
  readonly #make: MakeJobserver;
  readonly #time = new RunTime((stoppedMs) => this.#report({ type: 'run.continued', stoppedMs: Math.round(stoppedMs) }));
  readonly #nowMs = this.#time.nowMs;
  readonly #report = startedFirst((event) => this.#options.report(event), this.#nowMs);
  /** Nothing is handled before the run begins, whoever has come to the door by then. */
  #queue: EngineEvent[] = [{ type: 'begin' }];
  #handling = true;
  #timer: RunningTimer | null = null;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #end: RunEnd | null = null;
  #finished: ((end: RunEnd) => void) | null = null;

  constructor(plan: Plan, folder: RunFolder, options: OrchestratorOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#folder = folder;
    const order = options.inOrder?.createOrder((message) => this.#report({ type: 'warning', code: 'MP870', message, instance: null }));
    const earlier = earlierTasks(plan, options.earlier);
    this.#make = openMakeJobserver(options.environment['MAKEFLAGS']);
    const isUnderMake = this.#make.type === 'client';
    this.#engine = new Engine(plan, {
      runId: folder.id,
      runFolder: folder.path,
      environment: options.environment,
      random: Math.random,
      signalNumber,
      lineOf: options.lineOf,
      lookNow: (key) => this.#looks.lookNow(key),
      askNow: (owner, operation) => this.#ownerEnds.askNow(owner, operation, this.#nowMs()),
      earlier,
      isUnderMake,
      ...(order === undefined ? {} : { heldBack: order, endless: new Set(options.inOrder?.endless) }),
    });
    const definitions = [...plan.primitives, ...runSlotDefinitions(plan)];
    const files = new ClientFiles(join(folder.path, 'clients'));
    this.#loans = new Loans(files);
    this.#primitives = runPrimitives({ definitions: [...definitions, ...jobserverDefinitions(plan, isUnderMake)], files, loans: this.#loans, nowMs: this.#nowMs });
    this.#turns = order === undefined ? null : new Turns(order, this.#primitives.broker, this.#nowMs);
    this.#broker = this.#turns?.broker ?? this.#primitives.broker;
    this.#broker.listen((event) => this.#post({ type: 'sync', event }));
    const post = (event: EngineEvent): void => this.#post(event);
    const report = (body: RunEventBody): void => this.#report(body);
    const warn = (code: DiagnosticCode, message: string): void => this.#report({ type: 'warning', code, message, instance: null });
    const keys = new Keys();
    const doorEnvironment = (pythonPath: string | undefined): Readonly<Record<string, string>> => ({
      ...(this.#door.path === null ? {} : { MPCTL_SOCKET: this.#door.path }),
      PYTHONPATH: [options.pythonFolder, ...(pythonPath === undefined || pythonPath === '' ? [] : [pythonPath])].join(delimiter),
    });
    this.#workers = new Workers({
      plan,
      folder,
      containment: options.containment,
      environment: options.environment,
      post,
      together: (act) => this.#together(act),
      report,
      doorEnvironment,
      keyOf: (instance) => (this.#door.path === null ? null : keys.keyOf(instance)),
      hasStream: (instance) => this.#door.hasStream(instance),
      viewing: new Viewing(options.viewer ?? null),
      make: this.#make,
      maxItemBytes: options.maxFrameBytes,
    });
    this.#workers.removeWhenKilled(files.folder);
    this.#desk = new RunDesk({ ...this.#primitives, definitions, loans: this.#loans, files, post, attempt: (event) => attemptCall(this.#engine, this.#broker, event, this.#nowMs()), actorsOf: (thing) => this.#engine.actorsOf(thing), warn: (message) => warn('MP824', message) });
    this.#door = new Door({
      runFolder: folder.path,
      runId: folder.id,
      environment: options.environment,
      maxFrameBytes: options.maxFrameBytes,
      keys,
      desk: this.#desk,
      onTrouble: (message) => warn('MP825', message),
    });
    this.#ownerEnds = new OwnerEnds({ broker: this.#broker, loans: this.#loans, handshakes: this.#primitives.handshakes, door: this.#door, keys });
    if (this.#door.path !== null) this.#workers.removeWhenKilled(this.#door.path);
    this.#looks = new ProgramLooks({ runId: folder.id, clientFolder: files.folder, workers: this.#workers, door: this.#door, primitives: this.#primitives, post });
    const unadmitted = admitOperator(folder.path, keys, this.#door);
    if (unadmitted !== null) warn('MP825', unadmitted);
    this.#probes = new Probes({ environment: (overlay) => this.#workers.environment.of(overlay), post });
    this.#sources = new TaskSources(post);
    this.#recorder = new Recorder(report, this.#time.wallMs, resumedPools(plan, earlier, folder.path));
    this.#fates = new FateLog({ runFolder: folder.path, pools: matchedPools(plan), wallMs: this.#time.wallMs, writeRecords: (pool) => this.#recorder.writeFor(pool), report });
  }

  /** Runs to the end. */
  run(): Promise<RunEnd> {
    return new Promise((resolve) => {
      this.#finished = resolve;
      this.#time.begin();
      this.#report(runStarted(this.#plan, this.#folder, this.#options.containment.level, this.#options.earlier?.id));
      for (const warning of startWarnings(this.#make)) this.#report({ type: 'warning', ...warning, instance: null });
      this.#handle();
    });
  }

  /** In place of `run`. */
  async abandon(): Promise<void> {
    await this.#close(null);
    this.#time.close();
  }

  /** mpctl was sent a signal, or something else that stops the run as one does. */
  signal(signal: HeardSignal): void {
    const dump = signal === 'SIGQUIT' ? { run: this.#folder.id, ...this.#engine.look(this.#nowMs()), things: this.#desk.things() } : null;
    this.#post({ type: 'signal', signal });
    this.#workers.ownSignalFirst.heard();
    if (dump !== null) this.#options.onQuit?.(dump);
  }

  /** Stops everything until the answer is called: mpctl is about to be stopped. */
  stop(): () => void {
    this.#report({ type: 'run.suspended' });
    return this.#workers.stop();
  }

  /** Hands an event to the engine, after those that came before. */
  #post(event: EngineEvent): void {
    this.#queue.push(event);
    if (!this.#handling) this.#handle();
  }

  /** Handles what is posted meanwhile in one go: what follows every time, for whoever looks, then follows once. */
  #together(act: () => void): void {
    const isFirst = !this.#handling;
    this.#handling = true;
    act();
    if (isFirst) this.#handle();
  }

  #handle(): void {
    this.#handling = true;
    let handled = 0;
    // The queue grows while it is worked off: carrying out an effect may answer at once.
    for (const event of this.#queue) {
      const nowMs = this.#nowMs();
      if (handled === turnLimit || isTimeInDoubt()) break;
      const due = this.#broker.nextDeadlineMs();
      if (due !== null && due <= nowMs) this.#broker.expire(nowMs);
      const rest = event.type === 'call' ? this.#attempt(event, nowMs) : event;
      for (const effect of rest === null ? [] : this.#engine.step(rest, nowMs)) this.#carryOut(effect, nowMs);
      handled += 1;
    }
    if (handled < this.#queue.length) {
      this.#queue.splice(0, handled);
      // What always has more to do is not to hold up what comes by time.
      this.#setTimer();
      // A doubt is over when a timer says so: until then there is no use in turning, on a machine that is busy anyway.
      if (isTimeInDoubt()) setTimeout(() => this.#handle(), 1);
      else setImmediate(() => this.#handle());
      return;
    }
    this.#queue = [];
    this.#handling = false;
    for (const effect of this.#engine.rest()) this.#carryOut(effect, this.#nowMs());
    this.#setTimer();
    this.#turns?.wait();
  }

  /** What is left of a call for the engine to handle; null where it was answered. */
  #attempt(event: CallEvent, nowMs: number): CallEvent | null {
    const answer = this.#desk.whyTooLate(event.id) ?? attemptCall(this.#engine, this.#broker, event, nowMs);
    if ('type' in answer) return answer;
    this.#desk.answer(event.id, answer);
    return null;
  }

  #setTimer(): void {
    if (this.#end !== null) return;
    const engineMs = this.#engine.nextWakeMs() ?? Number.POSITIVE_INFINITY;
    const brokerMs = this.#broker.nextDeadlineMs() ?? Number.POSITIVE_INFINITY;
    const atMs = Math.min(engineMs, brokerMs);
    if (atMs === this.#timerAtMs && this.#timer !== null) return;
    this.#timer?.cancel();
    this.#timerAtMs = atMs;
    // A run that only waits for an event from outside must not end with the event loop.
    this.#timer = new RunningTimer(atMs - this.#nowMs(), () => {
      this.#timer = null;
      this.#post({ type: 'tick' });
    });
  }

  #carryOut(effect: Effect, nowMs: number): void {
    switch (effect.type) {
      // What every task of a pool has comes first: thousands of them go past whatever stands before.
      case 'report':
        this.#fates.note(effect.event);
        this.#workers.viewing.heard(effect.event);
        // Not asked of the clock again for each.
        this.#report(effect.event, nowMs);
        return;
      case 'spawn':
        this.#workers.spawn(commandInOrder(effect.order, this.#options.inOrder));
        return;
      case 'owner_ended':
        this.#ownerEnds.ownerEnded(effect, nowMs);
        return;
      case 'record_task':
        this.#recorder.record(effect, (pool, task) => this.#fates.heldResults(pool, task));
        this.#fates.recorded(effect.pool, effect.record.task);
        return;
      case 'hold_record':
        this.#fates.hold(effect);
        return;
      case 'request':
        this.#ownerEnds.asked(effect.request);
        this.#broker.request(effect.request, nowMs);
        return;
      case 'request_turn':
        this.#turns?.broker.requestTurn(effect.request, nowMs);
        return;
      case 'cancel_request':
        this.#broker.cancel(effect.requestId, nowMs);
        return;
      case 'close':
        this.#broker.close(effect.closing, nowMs);
        return;
      case 'holder_ended':
        this.#ownerEnds.holderEnded(effect, nowMs);
        return;
      case 'pipe_ended':
        this.#door.tellPipeEnded(effect.instance, effect.pipe);
        return;
      case 'recall':
        this.#loans.recall(effect.owner, effect.queue);
        return;
      case 'answer':
        this.#desk.answer(effect.call, effect.answer);
        return;
      case 'ask_token':
      case 'unask_token':
      case 'put_back_token':
      case 'fill_jobserver':
        this.#workers.jobservers.carryOut(effect);
        return;
      case 'signal':
        this.#workers.signal(effect.key, effect.signal);
        return;
      case 'echo':
        // The broker answers within the call: all that it has said stands before this in the queue.
        this.#post({ type: 'echoed', look: effect.look });
        return;
      case 'look_at_program':
        this.#looks.lookAt(effect.key);
        return;
      case 'write_line':
        this.#workers.writeLine(effect.key, effect.text);
        return;
      case 'send_tasks':
        this.#workers.sendTasks(effect.key, effect.tasks);
        return;
      case 'end_input':
        this.#workers.endInput(effect.key);
        return;
      case 'pause_output':
        this.#workers.pauseOutput(effect.key);
        return;
      case 'resume_output':
        this.#workers.resumeOutput(effect.key);
        return;
      case 'print':
        this.#workers.print(effect);
        return;
      case 'close_instance':
        this.#workers.closeInstance(effect.instance);
        return;
      case 'await_instance':
        this.#workers.awaitInstance(effect.instance);
        return;
      case 'probe':
        if (effect.plan.type === 'notify') this.#workers.notify.watch(effect.instance, effect.attempt, effect.probe);
        else if (effect.plan.type === 'log_line') this.#workers.watchLines(effect.instance, effect.probe, effect.plan.pattern);
        else this.#probes.ask(effect.probe, effect.plan, effect.argv, effect.workingDir, effect.environment);
        return;
      case 'cancel_probe':
        this.#probes.cancel(effect.probe);
        this.#workers.unwatch(effect.probe);
        return;
      case 'read_tasks':
        this.#sources.read(effect);
        return;
      case 'open_results':
        this.#recorder.openWhenRead(effect, (failure) => this.#post({ type: 'results_opened', pool: effect.pool, failure }));
        return;
      case 'close_results':
        this.#post({ type: 'results_closed', pool: effect.pool, failure: this.#recorder.closePool(effect.pool) });
        return;
      case 'finish':
        void this.#finish(effect.end);
        return;
      default:
        unreachable(effect);
    }
  }

  async #finish(end: RunEnd): Promise<void> {
    this.#end = end;
    await this.#close(end);
    const { outcome, exitCode, signal, why } = end;
    this.#report({ type: 'run.ended', outcome, exitCode, signal, durationMs: Math.round(this.#nowMs()), why });
    this.#time.close();
    this.#finished?.(end);
  }

  async #close(end: RunEnd | null): Promise<void> {
    this.#turns?.close();
    this.#timer?.cancel();
    this.#probes.close();
    this.#sources.close();
    this.#door.close();
    await this.#workers.close();
    this.#recorder.close();
    this.#fates.close();
    if (end !== null) this.#noteEnd(end);
    this.#workers.dismissGuardian();
  }

  #noteEnd({ outcome, exitCode, signal, why }: RunEnd): void {
    const noted = this.#folder.noteEnd({ outcome, exitCode, signal, why, ...this.#fates.leftOut, ended: new Date().toISOString() });
    if (!noted.ok) this.#report({ type: 'warning', code: 'MP822', message: `the end of the run cannot be noted in \`${this.#folder.path}\`: ${noted.error}`, instance: null });
  }
}
