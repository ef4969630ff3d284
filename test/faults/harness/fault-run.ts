import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../../../src/engine/run-event.ts';
import { listRuns, type FoundRun } from '../../../src/runtime/run-folder/run-record.ts';
import { tempFolder } from '../../rig/temp-folder.ts';
import { until, untilTrue } from './deadline.ts';
import { type Namespace, openNamespace, type StartOrder, type WaitStatus } from './namespace.ts';

const program = path.join(import.meta.dirname, '..', '..', '..', 'dist', 'mpctl.cjs');
/** Longest wait for something that has no bound of its own, on an idle machine. */
const patienceMs = 10_000;

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

/** How mpctl is started. */
export interface FaultRunOptions {
  /** The command, `run` if none is named. */
  readonly verb?: string;
  /** Words of the command line after it; `--format json` off a terminal. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Words for node itself, such as `--max-old-space-size=40`. */
  readonly nodeFlags?: readonly string[];
  /** A command that becomes mpctl, or starts it: its words follow. */
  readonly prefix?: readonly string[];
  /** On a terminal of its own, with the view for people. */
  readonly onTerminal?: boolean;
  /** Takes the place of a namespace of its own. */
  readonly namespace?: Namespace;
  /** Takes the place of a folder of its own; the spec is in it. */
  readonly cwd?: string;
  /** More files of its folder, path to text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Closed streams, or other files than those that the test reads; null closes one. */
  readonly streams?: Readonly<Partial<Record<'stdin' | 'stdout' | 'stderr', string | null>>>;
}

/** mpctl as a process of a namespace, with all that it says. */
export class FaultRun {
  readonly namespace: Namespace;
  readonly cwd: string;
  /** Of what was started: mpctl, or the command in front of it. */
  readonly pid: number;
  readonly #streams: string;

  /** `streams` is the path before `.stdout`, `.stderr` and `.screen`. */
  constructor(namespace: Namespace, { cwd, pid, streams }: { readonly cwd: string; readonly pid: number; readonly streams: string }) {
    this.namespace = namespace;
    this.cwd = cwd;
    this.pid = pid;
    this.#streams = streams;
  }

  /** What has been written so far. */
  output(stream: 'stdout' | 'stderr' | 'screen'): string {
    return this.#fileText(`${this.#streams}.${stream}`);
  }

  /** A file of its folder; empty where there is none. */
  file(name: string): string {
    return this.#fileText(this.inside(name));
  }

  /** Where a file of its folder is, as its namespace has it mounted. */
  inside(name: string): string {
    return path.join(this.namespace.root, this.cwd, name);
  }

  /** The folder of the run, from where its own is. */
  get runFolder(): string {
    return path.join('.mpctl', 'runs', this.found()?.record.id ?? 'none');
  }

  /** What has been logged of an instance, through all rotations; oldest first. */
  logOf(instance: string): Buffer {
    const folder = this.inside(this.runFolder);
    const pattern = new RegExp(`^${instance}\\.log(?:\\.(?<age>\\d+))?$`, 'u');
    const files = readdirSync(folder).flatMap((name) => {
      const match = pattern.exec(name);
      return match === null ? [] : [{ name, age: Number(match.groups?.['age'] ?? 0) }];
    });
    return Buffer.concat(files.toSorted((a, b) => b.age - a.age).map(({ name }) => readFileSync(path.join(folder, name))));
  }

  /** What it has reported so far; whole lines only. */
  events(): readonly RunEvent[] {
    const lines = this.#said().split(/\r?\n/u).slice(0, -1);
    return lines.filter((line) => line.startsWith('{"v":')).map((line) => JSON.parse(line) as RunEvent);
  }

  /** The events of one kind so far. */
  eventsOf<Type extends RunEvent['type']>(type: Type): readonly EventOf<Type>[] {
    return this.events().filter((event): event is EventOf<Type> => event.type === type);
  }

  /** The first event of a kind that is as wanted, once it is there. */
  async event<Type extends RunEvent['type']>(type: Type, isWanted: (event: EventOf<Type>) => boolean = () => true, boundMs = patienceMs): Promise<EventOf<Type>> {
    const { value } = await until(() => this.eventsOf(type).find(isWanted) ?? this.#notAfterEnd(), () => `${type} in ${this.#told()}`, boundMs);
    return value;
  }

  /** Waits for lines of the workers; gives what the groups of the pattern caught. */
  async line(pattern: RegExp, boundMs = patienceMs): Promise<RegExpExecArray> {
    const { value } = await until(() => pattern.exec(this.#said()) ?? this.#notAfterEnd(), () => `${String(pattern)} in ${this.#told()}`, boundMs);
    return value;
  }

  /** Waits until a file of its folder is as wanted. */
  async fileWith(name: string, pattern: RegExp, boundMs = patienceMs): Promise<RegExpExecArray> {
    const { value } = await until(() => pattern.exec(this.file(name)), () => `${String(pattern)} in ${name}: ${this.file(name)}; ${this.#told()}`, boundMs);
    return value;
  }

  /** How what was started ended, once it has, with the time that took. */
  async ended(boundMs = patienceMs): Promise<WaitStatus> {
    const { value } = await until(() => this.namespace.endOf(this.pid), () => `the end of mpctl, ${this.#told()}`, boundMs);
    return value;
  }

  /** Sends signals to what was started alone. */
  async signal(signals: NodeJS.Signals | readonly NodeJS.Signals[], times = 1): Promise<void> {
    if (!(await this.namespace.signal(this.pid, signals, times))) throw new Error(`nobody to signal, ${this.#told()}`);
  }

  /** Types on its terminal. */
  async type(text: string): Promise<void> {
    await this.namespace.type(this.pid, text);
  }

  /** The record of the run in its folder; the only one there is without an id. */
  found(): FoundRun | null {
    const runs = listRuns(this.inside('.mpctl/runs'));
    const id = this.eventsOf('run.started')[0]?.run;
    return runs.find(({ record }) => id === undefined || record.id === id) ?? null;
  }

  /** Pid of the guardian, once it hears no signal any more. */
  async guardian(): Promise<number> {
    const { value } = await until(() => this.guardians()[0] ?? null, () => `a guardian, ${this.#told()}`);
    return value;
  }

  /** Pid of mpctl itself, whatever was put in front of it. */
  async ownPid(): Promise<number> {
    const { value } = await until(() => this.found()?.record.pid ?? null, () => `a run, ${this.#told()}`);
    return value;
  }

  /** Pids of the guardians that hear no signal any more. */
  guardians(): readonly number[] {
    const { processes } = this.namespace;
    const id = this.found()?.record.id ?? 'unknown';
    const guardians = processes.living().filter(({ command }) => command.includes(`mpctl-guardian ${id}`));
    // Its last trap is the one that makes the lowest bits 7: HUP, INT and QUIT.
    return guardians.filter(({ pid }) => (processes.field(pid, 'SigIgn') ?? '').endsWith('7')).map(({ pid }) => pid);
  }

  /** Waits until a number of workers have written `pid N`, and gives the numbers. */
  async workerPids(count: number): Promise<readonly number[]> {
    const look = (): readonly number[] => [...this.#said().matchAll(/\bpid (?<pid>\d+)\b/gu)].map(({ groups }) => Number(groups?.['pid']));
    await untilTrue(() => new Set(look()).size >= count, () => `${String(count)} workers, ${this.#told()}`);
    return [...new Set(look())];
  }

  #said(): string {
    return this.output('stdout') + this.output('screen');
  }

  #notAfterEnd(): null {
    const end = this.namespace.endOf(this.pid);
    if (end !== null) throw new Error(`mpctl has ended before that: ${JSON.stringify(end)} ${this.#told()}`);
    return null;
  }

  #told(): string {
    return JSON.stringify({ stdout: this.output('stdout').slice(-3000), stderr: this.output('stderr').slice(-2000), screen: this.output('screen').slice(-2000) });
  }

  #fileText(file: string): string {
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }
}

/** Starts mpctl with a spec, in a PID namespace. */
export async function startRun(spec: string, options: FaultRunOptions = {}): Promise<FaultRun> {
  const { namespace = await openNamespace(), cwd = tempFolder({ 'mpctl.yaml': spec, ...options.files }) } = options;
  const { onTerminal = false, prefix = [], nodeFlags = [], env = {}, flags = onTerminal ? [] : ['--format', 'json'], verb = 'run' } = options;
  const streams = path.join(tempFolder(), 'of');
  for (const name of ['stdout', 'stderr', 'screen']) appendFileSync(`${streams}.${name}`, '');
  const files = { stdin: '/dev/null', stdout: `${streams}.stdout`, stderr: `${streams}.stderr`, ...options.streams };
  const open = Object.fromEntries(Object.entries(files).filter(([, file]) => file !== null));
  const order: StartOrder = {
    argv: [...prefix, process.execPath, ...nodeFlags, program, verb, ...flags],
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
    ...(onTerminal ? { terminal: { columns: 100, rows: 20, screen: `${streams}.screen` } } : open),
  };
  return new FaultRun(namespace, { cwd, pid: await namespace.start(order), streams });
}
