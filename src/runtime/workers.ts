/* The processes of a run by the engine's numbers, with their logs, pipes and groups. */
import { ShortLivedMap } from '../base/short-lived-map.ts';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import type { DiagnosticCode } from '../diagnostics/catalogue.ts';
import type { Effect, OutputTarget, SpawnOrder } from '../engine/effect.ts';
import type { EngineEvent, ProcessKey } from '../engine/engine-event.ts';
import type { RunEventBody } from '../engine/run-event.ts';
import type { Plan } from '../plan/plan.ts';
import { CallsFirst } from './calls-first.ts';
import type { Containment } from './containment/containment.ts';
import { endEscaped } from './containment/end-escaped.ts';
import { GroupWatch } from './group-watch.ts';
import { Jobservers } from './jobserver/jobservers.ts';
import type { MakeJobserver } from './jobserver/make-client.ts';
import { openNotifySockets } from './notify/open-notify-sockets.ts';
import type { NotifySockets } from './notify/notify-sockets.ts';
import { itemLine } from './item-line.ts';
import { LineWatches } from './line-watches.ts';
import { WorkerAnswers } from './worker-answers.ts';
import { OwnSignalFirst } from './own-signal-first.ts';
import { taskLines, type SentTask } from './worker-lines.ts';
import { FifoPool } from './processes/fifo-pool.ts';
import { Guardian } from './processes/guardian.ts';
import { pipesOfSlots } from './processes/slot-pipes.ts';
import { Slots } from './processes/slots.ts';
import type { SpawnListener } from './processes/spawn-listener.ts';
import { spawnWorker } from './processes/spawn-worker.ts';
import { stopProcesses } from './processes/stop-and-continue.ts';
import { Launcher } from './processes/launcher.ts';
import type { SlotListener } from './processes/slot-task.ts';
import type { WorkerHandle } from './processes/worker-handle.ts';
import type { RunFolder } from './run-folder/run-folder.ts';
import { appendRunId } from './run-folder/run-id.ts';
import { type KeyedOrder, SpawnQueue } from './spawn-queue.ts';
import { type PipeRefusal, StdioPipes } from './stdio-pipes.ts';
import { Streams } from './streams.ts';
import type { Viewing } from './viewing.ts';
import { runIdsVariable, WorkerEnvironment } from './worker-environment.ts';

/** What the workers of a run need. */
export interface WorkersOptions {
  readonly plan: Plan;
  readonly folder: RunFolder;
  readonly containment: Containment;
  readonly environment: Readonly<Record<string, string>>;
  readonly post: (event: EngineEvent) => void;
  /** Whatever is posted meanwhile is handled in one go. */
  readonly together: (act: () => void) => void;
  readonly report: (body: RunEventBody) => void;
  /** What a process needs to find the door, and the client for Python before its own `PYTHONPATH`. */
  readonly doorEnvironment: (pythonPath: string | undefined) => Readonly<Record<string, string>>;
  /** The key of the attempt of an instance that is under way; null where there is no door. */
  readonly keyOf: (instance: string) => string | null;
  /** Whether a program of the instance may have asked something that was not read yet. */
  readonly hasStream: (instance: string) => boolean;
  readonly viewing: Viewing;
  /** The jobserver of the make that mpctl was started by. */
  readonly make: MakeJobserver;
  /** Most that an item of a queue may have. */
  readonly maxItemBytes: number;
}

/** One process under way. */
interface Running {
  readonly handle: WorkerHandle;
  readonly instance: string;
}

/** Starts, signals, feeds and forgets the processes of one run. */
export class Workers {
  readonly #options: WorkersOptions;
  readonly #running = new ShortLivedMap<ProcessKey, Running>();
  readonly #orders = new SpawnQueue((order) => this.#start(order));
  readonly #watches: LineWatches;
  readonly #guardian: Guardian;
  readonly #fifos: FifoPool;
  readonly #launcher: Launcher;
  readonly jobservers: Jobservers;
  readonly notify: NotifySockets;
  readonly viewing: Viewing;
  readonly ownSignalFirst = new OwnSignalFirst();
  readonly #slots: Slots;
  readonly #pipes: StdioPipes;
  readonly #streams: Streams;
  readonly #groups: GroupWatch;
  readonly #answers: WorkerAnswers;
  readonly environment: WorkerEnvironment;

  constructor(options: WorkersOptions) {
    this.#options = options;
    this.viewing = options.viewing;
    const { folder, plan } = options;
    const longestGraceMs = Math.max(...[...plan.instances, ...plan.pools].map((unit) => unit.stop.graceMs), 0);
    this.#guardian = new Guardian({
      runId: folder.id,
      graceMs: Math.min(longestGraceMs, 5000),
      record: folder.recordFile,
      cgroup: options.containment.cgroup,
      onLost: (message) => this.#warn('MP823', message, null),
      tokenFd: options.make.type === 'client' ? options.make.pipe.writeFd : null,
    });
    this.#launcher = new Launcher((message) => this.#warn('MP826', message, null));
    this.#fifos = new FifoPool(folder.fifoFolder, { count: pipesOfSlots(plan), make: (paths, ended) => this.#guardian.start({ paths, ended }) });
    this.#slots = new Slots({
      outputFolder: folder.outputFolder,
      fifos: this.#fifos,
      watch: (group) => this.#guardian.watch(group),
      unwatch: (group) => this.#guardian.unwatch(group),
      together: options.together,
    });
    this.#guardian.start();
    // The guardian is outside for good, and the rest is made while the kernel moves mpctl.
    void options.containment.enter();
    this.#guardian.removeWhenKilled(folder.fifoFolder);
    this.jobservers = new Jobservers({
      make: options.make,
      makeflags: options.environment['MAKEFLAGS'],
      fifos: this.#fifos,
      guardian: this.#guardian,
      post: options.post,
      warn: (code, message) => this.#warn(code, message, null),
    });
    this.notify = openNotifySockets({ plan, folder, environment: options.environment, guard: this.#guardian, post: options.post, warn: (message) => this.#warn('MP832', message, null) });
    this.#pipes = new StdioPipes(plan.stdioPipes, this.#fifos);
    this.#groups = new GroupWatch();
    this.#answers = new WorkerAnswers((read) => options.post({ type: 'answers', read }));
    this.#streams = new Streams({
      plan,
      folder,
      pipes: this.#pipes,
      maxItemBytes: options.maxItemBytes,
      onTrouble: ({ code, message }, instance) => this.#warn(code, message, instance),
    });
    this.#watches = new LineWatches((probe) => options.post({ type: 'probed', probe, ok: true, message: '' }));
    this.environment = new WorkerEnvironment(this.jobservers.inherited(options.environment), appendRunId(options.environment[runIdsVariable], folder.id));
  }

  /** Has the guardian remove this when mpctl was killed. */
  removeWhenKilled(path: string): void {
    this.#guardian.removeWhenKilled(path);
  }

  /** Starts a process, if not at once then in one of the next turns; everything that becomes of it is posted. */
  spawn(order: SpawnOrder): void {
    // Now, as its attempt may have ended by the time it is started.
    const authkey = this.#options.keyOf(order.instance);
    this.notify.prepare(order, () => {
      // A shell that is there only has to be told: its answer comes as any other input does, and keeps nobody from his turn.
      if (order.slot && this.#slots.isOpen(order.instance)) this.#start({ order, authkey });
      else this.#orders.add({ order, authkey });
    });
  }

  #start({ order, authkey }: KeyedOrder): void {
    const { key, instance } = order;
    const { post } = this.#options;
    const stdin = this.#streams.inputOf(order.stdin, order);
    const stdout = this.#streams.outputOf(order.stdout, order, order.collect);
    const stderr = this.#streams.outputOf(order.stderr, order, false);
    if (!stdin.ok || !stdout.ok || !stderr.ok) {
      const refused = [stdin, stdout, stderr].find((stream) => !stream.ok);
      if (refused?.ok === false) this.#refuse(key, refused.error);
      return;
    }
    const callsFirst = new CallsFirst(() => this.#options.hasStream(instance));
    const answers = order.stdout.type === 'answers' ? this.#answers.readerOf(key) : null;
    let isInSlot = true;
    let handle: WorkerHandle;
    const startItself = (): WorkerHandle => {
      isInSlot = false;
      return spawnWorker({ ...request, env: environment(), stdin: stdin.value, tty: order.tty, fifos: this.#fifos }, listener, this.#launcher);
    };
    const listener: SpawnListener & SlotListener = {
      started: (pid) => {
        this.#guardian.watch(pid);
        post({ type: 'spawned', key, pid });
      },
      failed: (failure) => {
        this.#forget(key);
        const { code, hint, exitCode } = failure;
        post({ type: 'spawn_failed', key, code, message: `${failure.message} [${code}]`, hint, exitCode });
      },
      notStarted: () => {
        handle = startItself();
        this.#running.set(key, { handle, instance });
      },
      line: (stream, text) => this.#lineRead(key, order, stream, text),
      endedSilently: (exit, captured) => this.ownSignalFirst.afterExit(key, () => callsFirst.tell(() => {
        this.#forget(key);
        post({ type: 'exited', key, exit, groupIsAlive: false, drained: { captured, stdoutBytes: 0 } });
      })),
      exited: (exit) => this.ownSignalFirst.exited(key, isInSlot ? null : exit.signal, () => callsFirst.tell(() => {
        answers?.flush();
        this.#exited(key, handle, exit, isInSlot);
      })),
      drained: (captured, truncated, stdoutBytes, file) => this.ownSignalFirst.afterExit(key, () => callsFirst.tell(() => {
        answers?.end();
        const where = file === undefined ? 'it was cut' : `it is in \`${file}\``;
        if (truncated) this.#warn('MP848', `\`${instance}\` wrote more than can be kept as a value: ${where}`, instance);
        this.#forget(key);
        post({ type: 'drained', key, captured, stdoutBytes, ...(file === undefined ? {} : { file }) });
      })),
    };
    if (answers !== null) Object.assign(listener, { bytes: answers.read, bytesEnded: answers.closed });
    const own: SpawnOrder['environment'] = authkey === null ? order.environment : [...order.environment, ['MPCTL_AUTHKEY', authkey]];
    const start = { argv: order.argv, cwd: order.workingDir, overlay: own, environment: () => this.environment.of(own) };
    const { argv, overlay } = this.jobservers.startOf(start, order.jobserver);
    const environment = (): Record<string, string> => {
      const complete = this.environment.of(overlay);
      return Object.assign(complete, this.#options.doorEnvironment(complete['PYTHONPATH']), this.notify.environmentOf(order));
    };
    const request = {
      instance,
      argv,
      cwd: order.workingDir,
      stdout: stdout.value,
      stderr: stderr.value,
      log: this.#streams.logOf(instance),
      maxLineBytes: order.maxLineBytes,
      // Most commands of a pool write nothing, and need none.
      gateOf: () => this.viewing.gateOf(order, () => this.#watches.has(instance)),
    };
    // The shell of a slot gives its commands an empty input.
    const inSlot = order.slot && stdin.value.type === 'null' ? this.#slots.run({ request, overlay, environment }, listener) : null;
    handle = inSlot ?? startItself();
    this.#running.set(key, { handle, instance });
    if (inSlot !== null) post({ type: 'spawned', key, pid: inSlot.pid });
    if (order.stdin.type === 'lines') handle.onDrain(() => post({ type: 'input_ready', key }));
  }

  #refuse(key: ProcessKey, { message, hint }: PipeRefusal): void {
    this.#options.post({ type: 'spawn_failed', key, code: 'MP810', message: `${message} [MP810]`, hint, exitCode: 126 });
  }

  /** Signals the whole group, as long as it is ours. */
  signal(key: ProcessKey, signal: string): void {
    if (this.#orders.remove(key) || this.notify.callOff(key)) {
      this.#options.post({ type: 'exited', key, exit: { code: null, signal }, groupIsAlive: false });
      this.#options.post({ type: 'drained', key, captured: null, stdoutBytes: 0 });
      return;
    }
    if (this.#running.has(key)) this.ownSignalFirst.sent(key);
    if (isSignal(signal)) (this.#running.get(key)?.handle ?? this.#groups.handleOf(key))?.signalGroup(signal);
  }

  /** The instance, the first process and the pipes of a command; null once nothing of it is known any more. */
  leaderOf(key: ProcessKey): { readonly pid: number; readonly instance: string; readonly pipes: ReturnType<WorkerHandle['pipes']>; readonly joined: ReturnType<StdioPipes['joinedTo']> } | null {
    const running = this.#running.get(key);
    const pid = running?.handle.pid ?? null;
    return running === undefined || pid === null ? null : { pid, instance: running.instance, pipes: running.handle.pipes(), joined: this.#pipes.joinedTo(running.instance) };
  }

  /** Writes an item; `input_ready` follows when the next one may come. */
  writeLine(key: ProcessKey, text: string): void {
    if (this.#running.get(key)?.handle.writeLine(text) === true) this.#options.post({ type: 'input_ready', key });
  }

  /** Hands tasks over to a long-lived worker. */
  sendTasks(key: ProcessKey, tasks: readonly SentTask[]): void {
    this.#running.get(key)?.handle.writeLine(taskLines(tasks));
  }

  endInput(key: ProcessKey): void {
    this.#running.get(key)?.handle.endInput();
  }

  pauseOutput(key: ProcessKey): void {
    this.#running.get(key)?.handle.pauseOutput();
  }

  resumeOutput(key: ProcessKey): void {
    this.#running.get(key)?.handle.resumeOutput();
  }

  /** Answers a `log_line` probe with the first line of the instance that matches, printed ones included. */
  watchLines(instance: string, probe: number, pattern: string): void {
    this.#watches.watch(instance, probe, pattern);
  }

  /** Nobody waits any more for a line or a message of the instance that the probe is of. */
  unwatch(probe: number): void {
    this.#watches.unwatch(probe);
    this.notify.unwatch(probe);
  }

  /** Writes a line of a `print` step where the output of its process goes. */
  print({ instance, target, workingDir, text, machine }: Extract<Effect, { type: 'print' }>): void {
    const failure = this.#printTo(target, instance, workingDir, text);
    if (machine !== null) this.#options.post({ type: 'printed', machine, failure });
  }

  /** Says why where it cannot be written to a file. */
  #printTo(target: OutputTarget, instance: string, workingDir: string, text: string): string | null {
    switch (target.type) {
      case 'log':
        this.#streams.logOf(instance).write(Buffer.from(`${text}\n`), this);
        for (const line of text.split('\n')) {
          this.#options.report({ type: 'output', instance, stream: 'stdout', line });
          this.#watches.look(instance, line);
        }
        return null;
      case 'inherit':
        process.stdout.write(`${text}\n`);
        return null;
      case 'file':
        return this.#streams.addLine(resolve(workingDir, target.file), text);
      case 'null':
      case 'capture':
      case 'lines':
      case 'answers':
      case 'pipe':
        return null;
    }
  }

  /** Stops every process until the answer is called. */
  stop(): () => void {
    return stopProcesses({ runId: this.#options.folder.id, guardian: this.#guardian, starter: this.#launcher.pid });
  }

  /** The instance has ended for good. */
  closeInstance(instance: string): void {
    this.#slots.close(instance);
    this.#streams.closeLog(instance);
    this.#pipes.endOf(instance);
    this.notify.close(instance);
  }

  /** The instance has ended and may be started again, as its partner at a pipe is now. */
  awaitInstance(instance: string): void {
    this.#pipes.await(instance);
  }

  /** Ends what has escaped its group, and closes everything. */
  async close(): Promise<void> {
    this.#groups.close();
    this.#pipes.close();
    await this.#slots.closed();
    const { folder, containment } = this.#options;
    for (const message of await endEscaped(folder.id, containment, [this.#launcher.pid, this.#guardian.pid, this.notify.helperPid])) this.#warn('MP849', message, null);
    this.jobservers.close();
    this.notify.end();
    this.#launcher.close();
    await this.#fifos.close();
    // The guardian removes the cgroup when mpctl has ended: to leave it would take as long as it took to enter.
    const kept = this.#guardian.pid === null ? await containment.leave() : null;
    if (kept !== null) this.#warn('MP823', `without the guardian, the cgroup \`${containment.cgroup}\` cannot be removed: ${kept}`, null);
    this.#streams.close();
    const { unshownLines: unshown } = this.viewing;
    if (unshown > 0) this.#warn('MP829', `${unshown === 1 ? 'a line was' : `${unshown} lines were`} not shown: nobody read the output of mpctl while it stopped the run; the logs have them`, null);
  }

  /** After everything else: until then, a killed mpctl still needs somebody who notes that. */
  dismissGuardian(): void {
    this.#guardian.dismiss();
  }

  #exited(key: ProcessKey, handle: WorkerHandle, exit: { code: number | null; signal: string | null }, isInSlot: boolean): void {
    const { pid } = handle;
    const groupIsAlive = pid !== null && handle.groupIsAlive();
    this.viewing.exited(key);
    this.#options.post({ type: 'exited', key, exit, groupIsAlive });
    if (pid === null) return;
    if (!groupIsAlive) {
      if (!isInSlot) this.#guardian.unwatch(pid);
      return;
    }
    this.#groups.watch(key, handle, () => {
      this.#guardian.unwatch(pid);
      this.#options.post({ type: 'group_gone', key });
    });
  }

  #forget(key: ProcessKey): void {
    this.#running.get(key)?.handle.release();
    this.#running.delete(key);
    this.viewing.forget(key);
  }

  #lineRead(key: ProcessKey, order: SpawnOrder, stream: 'stdout' | 'stderr', text: string): void {
    const target = stream === 'stdout' ? order.stdout : order.stderr;
    if (target.type === 'lines') this.#options.post(itemLine(key, stream, text, this.#options.maxItemBytes));
    else if (this.viewing.takes(key)) this.#options.report({ type: 'output', instance: order.instance, stream, line: text });
    // The line itself comes before whatever it sets free.
    this.#watches.look(order.instance, text);
  }

  #warn(code: DiagnosticCode, message: string, instance: string | null): void {
    this.#options.report({ type: 'warning', code, message, instance });
  }
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}
