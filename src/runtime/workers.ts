/* The processes of a run by the engine's numbers, with their logs, pipes and groups. */
import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { ok, type Result } from '../base/result.ts';
import type { DiagnosticCode } from '../diagnostics/catalogue.ts';
import type { InputTarget, OutputTarget as OrderedOutput, SpawnOrder } from '../engine/effect.ts';
import type { EngineEvent, ProcessKey } from '../engine/engine-event.ts';
import type { RunEventBody } from '../engine/run-event.ts';
import type { Plan } from '../plan/plan.ts';
import { GroupWatch } from './group-watch.ts';
import { FifoPool } from './processes/fifo-pool.ts';
import { Guardian } from './processes/guardian.ts';
import type { OutputTarget, StdinSource } from './processes/spawn-request.ts';
import { spawnWorker } from './processes/spawn-worker.ts';
import { sweepMarked } from './processes/sweep-marked.ts';
import type { WorkerHandle } from './processes/worker-handle.ts';
import type { LogLimits, LogWriter } from './run-folder/log-writer.ts';
import type { RunFolder } from './run-folder/run-folder.ts';
import { appendRunId } from './run-folder/run-id.ts';
import { type PipeRefusal, StdioPipes } from './stdio-pipes.ts';
import { systemErrorText } from './system-error-text.ts';

/** Rotation of the logs of pools, whose slots have no `log` of their own. */
const defaultLogLimits = { maxSizeBytes: 50 * 1024 * 1024, keep: 10 };
/** What mpctl waits between SIGTERM and SIGKILL for what had left its group, in ms. */
const sweepGraceMs = 500;

/** What the workers of a run need. */
export interface WorkersOptions {
  readonly plan: Plan;
  readonly folder: RunFolder;
  readonly environment: Readonly<Record<string, string>>;
  readonly post: (event: EngineEvent) => void;
  readonly report: (body: RunEventBody) => void;
  /** What a process of an instance needs to find the door, its key, and the client for Python before its own `PYTHONPATH`. */
  readonly doorEnvironment: (instance: string, pythonPath: string | undefined) => Readonly<Record<string, string>>;
  /** Whether a program of the instance may have asked something that was not read yet. */
  readonly hasStream: (instance: string) => boolean;
}

/** Processes started before streams and signals get their turn. */
const startsPerTurn = 4;

/** One process under way. */
interface Running {
  readonly handle: WorkerHandle;
  readonly instance: string;
}

/** Starts, signals, feeds and forgets the processes of one run. */
export class Workers {
  readonly #options: WorkersOptions;
  readonly #running = new Map<ProcessKey, Running>();
  readonly #logs = new Map<string, LogWriter>();
  /** Processes that are to be started, in this order. */
  readonly #orders = new Map<ProcessKey, SpawnOrder>();
  #startIsDue = false;
  readonly #logLimits: ReadonlyMap<string, LogLimits>;
  /** `log_line` probes under way, by instance. */
  readonly #watches = new Map<string, { readonly probe: number; readonly pattern: RegExp }>();
  readonly #openedFiles = new Set<string>();
  readonly #guardian: Guardian;
  readonly #fifos: FifoPool;
  readonly #pipes: StdioPipes;
  readonly #groups: GroupWatch;
  readonly #ownEnvironment: Readonly<Record<string, string>>;

  constructor(options: WorkersOptions) {
    this.#options = options;
    const { folder, plan } = options;
    const longestGraceMs = Math.max(...[...plan.instances, ...plan.pools].map((unit) => unit.stop.graceMs), 0);
    this.#guardian = new Guardian({
      runId: folder.id,
      graceMs: Math.min(longestGraceMs, 5000),
      record: folder.recordFile,
      onLost: (message) => this.#warn('MP823', message, null),
    });
    this.#fifos = new FifoPool(folder.fifoFolder, (paths, ended) => this.#guardian.start({ paths, ended }));
    this.#guardian.start();
    this.#guardian.removeWhenKilled(folder.fifoFolder);
    this.#pipes = new StdioPipes(plan.stdioPipes, this.#fifos);
    this.#groups = new GroupWatch();
    this.#logLimits = new Map(plan.instances.map(({ name, log }) => [name, log]));
    this.#ownEnvironment = {
      ...options.environment,
      MPCTL_RUN_IDS: appendRunId(options.environment['MPCTL_RUN_IDS'], folder.id),
    };
  }

  /** Has the guardian remove this when mpctl was killed. */
  removeWhenKilled(path: string): void {
    this.#guardian.removeWhenKilled(path);
  }

  /** The complete environment of a worker: mpctl's own with the overlay on top. */
  environmentOf(overlay: SpawnOrder['environment']): Record<string, string> {
    const environment: Record<string, string> = { ...this.#ownEnvironment };
    for (const [name, value] of overlay) {
      if (value !== null) environment[name] = value;
      else if (this.#ownEnvironment[name] === undefined) Reflect.deleteProperty(environment, name);
      else environment[name] = this.#ownEnvironment[name];
    }
    return environment;
  }

  /**
   * Starts a process, in one of the next turns; everything that becomes of it is posted. Were it started
   * at once, a process that ends quickly and lets the next one start would keep the event loop at its
   * children: output and Ctrl-C would wait until the last of thousands had ended.
   */
  spawn(order: SpawnOrder): void {
    this.#orders.set(order.key, order);
    this.#startSoon();
  }

  #startSoon(): void {
    if (this.#startIsDue || this.#orders.size === 0) return;
    this.#startIsDue = true;
    setImmediate(() => {
      this.#startIsDue = false;
      let started = 0;
      for (const order of this.#orders.values()) {
        if (started === startsPerTurn) break;
        this.#orders.delete(order.key);
        this.#start(order);
        started += 1;
      }
      this.#startSoon();
    });
  }

  #start(order: SpawnOrder): void {
    const { key, instance } = order;
    const { post } = this.#options;
    const stdin = this.#inputOf(order.stdin, order);
    const stdout = this.#outputOf(order.stdout, order);
    const stderr = this.#outputOf(order.stderr, { ...order, collect: false });
    if (!stdin.ok || !stdout.ok || !stderr.ok) {
      const refused = [stdin, stdout, stderr].find((stream) => !stream.ok);
      if (refused?.ok === false) this.#refuse(key, refused.error);
      return;
    }
    const environment = this.environmentOf(order.environment);
    let isLate = false;
    // What it asked before it ended is in its sockets, and is read in this turn of the event loop.
    const afterItsCalls = (act: () => void): void => {
      isLate ||= this.#options.hasStream(instance);
      if (isLate) setImmediate(act);
      else act();
    };
    const handle = spawnWorker(
      {
        instance,
        argv: order.argv,
        cwd: order.workingDir,
        env: Object.assign(environment, this.#options.doorEnvironment(instance, environment['PYTHONPATH'])),
        stdin: stdin.value,
        stdout: stdout.value,
        stderr: stderr.value,
        log: this.#logOf(instance),
        maxLineBytes: order.maxLineBytes,
        tty: order.tty,
        fifos: this.#fifos,
      },
      {
        started: (pid) => {
          this.#guardian.watch(pid);
          post({ type: 'spawned', key, pid });
        },
        failed: (failure) => {
          this.#forget(key);
          const { code, hint, exitCode } = failure;
          post({ type: 'spawn_failed', key, code, message: `${failure.message} [${code}]`, hint, exitCode });
        },
        line: (stream, text) => this.#lineRead(key, order, stream, text),
        exited: (exit) => afterItsCalls(() => this.#exited(key, handle, exit)),
        drained: (captured, truncated, stdoutBytes) => afterItsCalls(() => {
          if (truncated) this.#warn('MP848', `\`${instance}\` wrote more than can be kept as a value: it was cut`, instance);
          this.#forget(key);
          post({ type: 'drained', key, captured, stdoutBytes });
        }),
      },
    );
    this.#running.set(key, { handle, instance });
    if (order.stdin.type === 'lines') handle.onDrain(() => post({ type: 'input_ready', key }));
  }

  #refuse(key: ProcessKey, { message, hint }: PipeRefusal): void {
    this.#options.post({ type: 'spawn_failed', key, code: 'MP810', message: `${message} [MP810]`, hint, exitCode: 126 });
  }

  /** Signals the whole group, as long as it is ours. */
  signal(key: ProcessKey, signal: string): void {
    if (this.#orders.delete(key)) {
      this.#options.post({ type: 'exited', key, exit: { code: null, signal }, groupIsAlive: false });
      this.#options.post({ type: 'drained', key, captured: null, stdoutBytes: 0 });
      return;
    }
    const running = this.#running.get(key)?.handle ?? this.#groups.handleOf(key);
    if (isSignal(signal)) running?.signalGroup(signal);
  }

  /** Writes an item; `input_ready` follows when the next one may come. */
  writeLine(key: ProcessKey, text: string): void {
    const running = this.#running.get(key);
    if (running?.handle.writeLine(text) === true) this.#options.post({ type: 'input_ready', key });
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
    this.#watches.set(instance, { probe, pattern: new RegExp(pattern, 'u') });
  }

  /** Nobody waits for a line of this instance any more. */
  unwatchLines(probe: number): void {
    for (const [instance, watch] of this.#watches) if (watch.probe === probe) this.#watches.delete(instance);
  }

  /** Writes a line of a `print` step where the output of its process goes; says why where it cannot be written to a file. */
  print(instance: string, target: OrderedOutput, workingDir: string, text: string): string | null {
    switch (target.type) {
      case 'log':
        this.#logOf(instance).write(Buffer.from(`${text}\n`), this);
        for (const line of text.split('\n')) {
          this.#options.report({ type: 'output', instance, stream: 'stdout', line });
          this.#matchLine(instance, line);
        }
        return null;
      case 'inherit':
        process.stdout.write(`${text}\n`);
        return null;
      case 'file':
        return this.#printToFile(resolve(workingDir, target.file), text);
      case 'null':
      case 'capture':
      case 'lines':
      case 'pipe':
        return null;
    }
  }

  /** Emptied by the first that writes to it in this run; null where the line is in it. */
  #printToFile(path: string, text: string): string | null {
    try {
      writeFileSync(path, `${text}\n`, { flag: this.#openedFiles.has(path) ? 'a' : 'w' });
      this.#openedFiles.add(path);
      return null;
    } catch (error) {
      return `\`${path}\` cannot be written: ${systemErrorText(error)} [MP844]`;
    }
  }

  /** The instance has ended for good. */
  closeInstance(instance: string): void {
    this.#logs.get(instance)?.close();
    this.#pipes.endOf(instance);
  }

  /** Ends what has escaped its group, and closes everything. */
  async close(): Promise<void> {
    this.#groups.close();
    this.#pipes.close();
    const swept = await sweepMarked(this.#options.folder.id, sweepGraceMs);
    for (const { pid, command, alive } of swept) {
      const what = command === null ? 'a process' : `\`${command}\``;
      const fate = alive ? 'could not be ended' : 'was ended';
      this.#warn('MP849', `${what} (pid ${pid}) had left the group of its worker and ${fate}`, null);
    }
    this.#guardian.dismiss();
    await this.#fifos.close();
    for (const log of this.#logs.values()) log.close();
  }

  #exited(key: ProcessKey, handle: WorkerHandle, exit: { code: number | null; signal: string | null }): void {
    const { pid } = handle;
    const groupIsAlive = pid !== null && handle.groupIsAlive();
    this.#options.post({ type: 'exited', key, exit, groupIsAlive });
    if (pid === null) return;
    if (!groupIsAlive) {
      this.#guardian.unwatch(pid);
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
  }

  #lineRead(key: ProcessKey, order: SpawnOrder, stream: 'stdout' | 'stderr', text: string): void {
    const target = stream === 'stdout' ? order.stdout : order.stderr;
    if (target.type === 'lines') this.#options.post({ type: 'line', key, stream, text });
    else this.#options.report({ type: 'output', instance: order.instance, stream, line: text });
    // The line itself comes before whatever it sets free.
    this.#matchLine(order.instance, text);
  }

  #matchLine(instance: string, text: string): void {
    const watch = this.#watches.get(instance);
    if (watch?.pattern.test(text) !== true) return;
    this.#watches.delete(instance);
    this.#options.post({ type: 'probed', probe: watch.probe, ok: true, message: '' });
  }

  #inputOf(target: InputTarget, order: SpawnOrder): Result<StdinSource, PipeRefusal> {
    switch (target.type) {
      case 'file':
        return ok({ type: 'file', file: resolve(order.workingDir, target.file) });
      case 'pipe': {
        const fd = this.#pipes.inputFd(target.pipe, order.instance);
        return fd.ok ? ok({ type: 'fd', fd: fd.value }) : fd;
      }
      default:
        return ok(target);
    }
  }

  #outputOf(target: OrderedOutput, order: SpawnOrder): Result<OutputTarget, PipeRefusal> {
    switch (target.type) {
      case 'log':
        return ok(order.collect ? { type: 'capture', lines: true } : { type: 'lines' });
      case 'capture':
        return ok({ type: 'capture' });
      case 'file': {
        const file = resolve(order.workingDir, target.file);
        const append = this.#openedFiles.has(file);
        this.#openedFiles.add(file);
        return ok({ type: 'file', file, append });
      }
      case 'pipe': {
        const fd = this.#pipes.outputFd(target.pipe, order.instance);
        return fd.ok ? ok({ type: 'fd', fd: fd.value }) : fd;
      }
      default:
        return ok(target);
    }
  }

  #logOf(instance: string): LogWriter {
    const open = this.#logs.get(instance);
    if (open !== undefined) return open;
    const limits = this.#logLimits.get(instance) ?? defaultLogLimits;
    const log = this.#options.folder.openLog(instance, limits, (trouble) => {
      this.#warn(trouble.code, trouble.message, instance);
    });
    this.#logs.set(instance, log);
    return log;
  }

  #warn(code: DiagnosticCode, message: string, instance: string | null): void {
    this.#options.report({ type: 'warning', code, message, instance });
  }
}

function isSignal(name: string): name is NodeJS.Signals {
  return Object.hasOwn(constants.signals, name);
}
