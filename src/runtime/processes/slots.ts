import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicMs } from '../monotonic-ms.ts';
import type { FifoPool } from './fifo-pool.ts';
import { endGroup } from './end-group.ts';
import { findCommand } from './find-command.ts';
import { isNamedPipe } from './named-pipe.ts';
import { groupIsAlive } from './group-looks.ts';
import { areShortEnough, type Beginnings, beginningsOf, canBePassedOn, isBuiltin, isPlainName, pathOf, told, toldLastWord, toldStart, toldVariable, toldWords } from './slot-command.ts';
import { LeftInGroup } from './left-in-group.ts';
import { hasProcFolder, listPids, readProcess } from './process-table.ts';
import { openSlotPipes, releaseSlotPipes, type SlotPipes } from './slot-pipes.ts';
import { SlotLooks } from './slot-looks.ts';
import { SlotShell } from './slot-shell.ts';
import { type SlotListener, SlotTask } from './slot-task.ts';
import { readInterpreter } from './spawn-failure.ts';
import type { OutputTarget, SpawnRequest } from './spawn-request.ts';
import { runsScriptsItself, slotShellPath, type SubshellScript, subshellScript } from './subshell-script.ts';
import { whyUnloadable } from './unloadable-program.ts';

/**
 * How often running commands are looked at, in ms, until they have run so long that their output is watched: most have
 * ended before, and to watch two pipes costs sixteen system calls. What the pipes do not hold waits no longer than twice this.
 */
const lookMs = 10;
/** The same where the last command of the slot has written nothing. */
const silentLookMs = 100;
/** So long a shell serves, in ms: it looks a command up once. Without proc(5) only its end tells who was left behind unseen. */
const serviceMs = hasProcFolder ? 10_000 : 1000;
/** Changed variables that want another shell: it has looked commands up by them, or would use them itself. */
const shellVariables: ReadonlySet<string> = new Set(['HOME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'PATH', 'PWD', 'PYTHONPATH']);

/** Shells that say of a signal no more than what has ended their command. */
const plainShell = /(?:^|\/)(?:sh|dash|ash|busybox)$/u;

/** The variables that a command has on top of mpctl's own; null restores mpctl's own value. */
type Overlay = readonly (readonly [name: string, value: string | null])[];

/** A command for a slot. */
export interface SlotOrder {
  readonly request: Pick<SpawnRequest, 'instance' | 'argv' | 'cwd' | 'stdout' | 'stderr' | 'log' | 'maxLineBytes' | 'gateOf'>;
  readonly overlay: Overlay;
  /** The complete environment, made where it is needed. */
  readonly environment: () => Readonly<Record<string, string>>;
}

/** What the slots of a run need. */
interface SlotsOptions {
  /** Absolute; made for the first output that is too long to be kept as a value. */
  readonly outputFolder: string;
  readonly fifos: FifoPool;
  /** A group has come, and has gone. */
  readonly watch: (group: number) => void;
  readonly unwatch: (group: number) => void;
  /** Whatever is told meanwhile is taken as one; left out where that makes no difference. */
  readonly together?: (act: () => void) => void;
  /** A command runs in the folder that had its path when the shell was started, whatever has it by then. */
  readonly staysInFolder?: true;
  /** What commands have open from descriptor 3 on; left out for nothing. */
  readonly descriptors?: readonly ('ignore' | number)[];
}

/** One slot: its shell, and what that was told. */
interface Slot {
  readonly shell: SlotShell;
  readonly pipes: SlotPipes;
  readonly cwd: string;
  readonly searchPath: string | undefined;
  /** What the shell is to be given for a command; null where it is not found. */
  readonly commands: Map<string, string | null>;
  /** Those of which what they say of a command of their own looks like what this shell says of them. */
  readonly shells: Set<string>;
  readonly beginnings: Beginnings;
  /** The last command. */
  words: readonly string[];
  overlay: Overlay;
  stdout: string;
  stderr: string;
  start: string;
  serial: number;
  readonly sinceMs: number;
}

/**
 * The shells that run the commands of pools, one for each slot: a start by a small shell costs a part of
 * what it costs mpctl. A shell whose command has left somebody behind, or was signalled, ends with it,
 * as does one that has served its time or in whose group somebody is found, and another one takes its place.
 */
export class Slots {
  readonly #options: SlotsOptions;
  readonly #together: (act: () => void) => void;
  readonly #slots = new Map<string, Slot>();
  readonly #alive = new Set<SlotShell>();
  readonly #looks = new SlotLooks(lookMs);
  readonly #silentLooks = new SlotLooks(silentLookMs);
  readonly #left = hasProcFolder ? new LeftInGroup({ pids: listPids, read: readProcess, nowMs: monotonicMs }) : null;
  /** Those whose command was signalled, or is known to have left somebody behind. */
  readonly #unclean = new Set<SlotShell>();
  /** Groups that are being ended. */
  readonly #ending = new Set<Promise<void>>();
  /** Whether the shells run scripts themselves; null until the first one comes. */
  #runsScripts: boolean | null = null;
  #onceGone: (() => void) | null = null;

  constructor(options: SlotsOptions) {
    this.#options = options;
    this.#together = options.together ?? ((act) => act());
  }

  /** Runs a command; null where the caller has to start it, or to find out why it cannot be started. */
  run({ request, overlay, environment }: SlotOrder, listener: SlotListener): SlotTask | null {
    const { instance, argv, cwd } = request;
    if (!canBeWritten(request.stdout) || !canBeWritten(request.stderr)) return null;
    let slot = this.#slots.get(instance);
    let changed = slot === undefined || slot.cwd !== cwd ? null : changes(slot.overlay, overlay);
    if (slot === undefined || changed === null) {
      this.close(instance);
      slot = this.#open(instance, cwd, environment(), overlay);
      changed = [];
    }
    const command = slot === undefined ? null : find(slot, argv[0] ?? '');
    if (slot === undefined || command === null || !areShortEnough(argv) || !areShortEnough(changed)) return null;
    const { shell, pipes, sinceMs } = slot;
    const stdout = pathOf(request.stdout, pipes.stdout);
    const stderr = pathOf(request.stderr, pipes.stderr);
    // Where the words of the shell can be taken out of what the command has written, it may use vfork(2), or run a script itself.
    const isHeard = stderr === pipes.stderr.path;
    const script = isHeard ? this.#scriptOf(argv) : null;
    const hasWords = script === null && isToldFrom(slot, command, isHeard);
    const words = script?.words ?? (command === argv[0] ? argv : [command, ...argv.slice(1)]);
    const lines = tell(slot, changed, { words, overlay, stdout, stderr, start: toldStart(script, hasWords) });
    const { serial } = slot;
    const task: SlotTask = new SlotTask(shell, lines, {
      request,
      pipes,
      hasWords,
      listener,
      together: this.#together,
      keptFile: () => join(this.#options.outputFolder, `${instance}-${shell.pid}-${serial}`),
      onNotStarted: () => {
        looks.delete(instance, task);
        this.close(instance);
      },
      onEnded: (isClean) => {
        looks.delete(instance, task);
        if (!isClean) this.#unclean.add(shell);
        if (!isClean || monotonicMs() - sinceMs > serviceMs || this.#left?.has(shell.pid) === true) this.close(instance);
      },
    });
    const looks = task.expectsSilence ? this.#silentLooks : this.#looks;
    looks.add(instance, task);
    return task;
  }

  /** Whether a slot has a shell that waits for its next command, or runs its last one. */
  isOpen(instance: string): boolean {
    return this.#slots.has(instance);
  }

  /** No other command comes for a slot, or none for its shell. */
  close(instance: string): void {
    this.#slots.get(instance)?.shell.retire();
    this.#slots.delete(instance);
  }

  /** Resolves when no shell is left, and nobody who was left behind unseen. */
  async closed(): Promise<void> {
    this.#looks.close();
    this.#silentLooks.close();
    for (const instance of [...this.#slots.keys()]) this.close(instance);
    if (this.#alive.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onceGone = resolve;
      });
    }
    await Promise.all(this.#ending);
  }

  #scriptOf(argv: readonly string[]): SubshellScript | null {
    const script = this.#runsScripts === false ? null : subshellScript(argv);
    if (script === null) return null;
    this.#runsScripts ??= runsScriptsItself(slotShellPath);
    return this.#runsScripts ? script : null;
  }

  #open(instance: string, cwd: string, env: Readonly<Record<string, string>>, overlay: Overlay): Slot | undefined {
    const entries = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    if (!canBePassedOn(env) || !areShortEnough(entries)) return undefined;
    const { fifos, watch, unwatch, descriptors = [] } = this.#options;
    const pipes = openSlotPipes(fifos);
    if (pipes === null) return undefined;
    const beginnings = beginningsOf(overlay);
    const shell = SlotShell.start({
      cwd,
      folder: this.#options.staysInFolder === true ? '.' : cwd,
      env,
      marker: pipes.marker,
      beginnings,
      descriptors,
      input: pipes.input,
      answers: pipes.answers,
      onGone: (gone) => {
        this.#alive.delete(gone);
        if (this.#slots.get(instance)?.shell === gone) this.#slots.delete(instance);
        const isUnclean = this.#unclean.delete(gone);
        if (!groupIsAlive(gone.pid)) unwatch(gone.pid);
        // Whoever is known to be left behind is ended by those who started the command.
        else if (!isUnclean) this.#end(gone.pid);
        releaseSlotPipes(pipes, fifos);
        if (this.#alive.size === 0) this.#onceGone?.();
      },
    });
    if (shell === null) {
      // A shell that could be started has taken its name away.
      fifos.giveBack(pipes.input, false);
      releaseSlotPipes(pipes, fifos);
      return undefined;
    }
    watch(shell.pid);
    this.#alive.add(shell);
    const slot: Slot = { shell, pipes, cwd, searchPath: env['PATH'], commands: new Map(), shells: new Set(), beginnings, words: [], overlay, stdout: '', stderr: '', start: '', serial: 0, sinceMs: monotonicMs() };
    this.#slots.set(instance, slot);
    return slot;
  }

  /** Somebody is left who has closed the marker, as whatever Python and Node start has, and his output: nobody has heard of him. */
  #end(group: number): void {
    const ending = endGroup(group).then(() => {
      this.#ending.delete(ending);
      this.#options.unwatch(group);
    });
    this.#ending.add(ending);
  }
}

/** What the shell is to be told of its next command, which is the last one from now on. */
function tell(slot: Slot, changed: readonly string[], { words, overlay, stdout, stderr, start }: Pick<Slot, 'words' | 'overlay' | 'stdout' | 'stderr' | 'start'>): string {
  let lines = '';
  const word = words[1];
  if (word !== undefined && words.length === 2 && slot.words.length === 2 && words[0] === slot.words[0] && slot.start === start && slot.stdout === stdout && slot.stderr === stderr) {
    lines = toldLastWord(slot.beginnings, changed, word);
  } else {
    for (const text of changed) lines += toldVariable(slot.beginnings, text);
    lines += toldWords(slot.words, words);
    if (slot.stdout !== stdout) lines += told('o', stdout);
    if (slot.stderr !== stderr) lines += told('r', stderr);
    lines += start;
  }
  slot.serial += 1;
  slot.start = start;
  slot.words = words;
  slot.overlay = overlay;
  slot.stdout = stdout;
  slot.stderr = stderr;
  return lines;
}

/** The variables to be set in a shell that has those of `before`; null where another shell is needed. */
function changes(before: Overlay, now: Overlay): readonly string[] | null {
  if (before.length !== now.length) return null;
  const changed: string[] = [];
  for (let index = 0; index < now.length; index += 1) {
    const pair = now[index];
    const last = before[index];
    // Nearly all of them are the very same as before.
    if (pair === undefined || pair === last) continue;
    // Not taken apart as a list, which goes through an iterator.
    const name = pair[0];
    const value = pair[1];
    if (last === undefined || name !== last[0]) return null;
    // Of two of the same name the last one counts.
    if (value === last[1] || isNamedFrom(now, index + 1, name)) continue;
    if (value === null || last[1] === null || shellVariables.has(name) || !isPlainName(name)) return null;
    changed.push(`${name}=${value}`);
  }
  return changed;
}

/** Without a function for each, as `some` has it: it is asked of each variable of each task. */
function isNamedFrom(overlay: Overlay, start: number, name: string): boolean {
  for (let index = start; index < overlay.length; index += 1) if (overlay[index]?.[0] === name) return true;
  return false;
}

/** What the shell is to be given for a command: its path where it would take the name for its own; null where it is not found. */
function find(slot: Slot, name: string): string | null {
  const known = slot.commands.get(name);
  if (known !== undefined) return known;
  const found = findCommand(name, slot.cwd, slot.searchPath);
  const interpreter = found.type === 'executable' ? readInterpreter(found.path) : null;
  const canBeStarted = found.type === 'executable' && whyUnloadable(found.path) === null && (interpreter === null || existsSync(interpreter));
  const given = isBuiltin(name) || name.startsWith('-') ? null : name;
  const command = canBeStarted ? (given ?? found.path) : null;
  slot.commands.set(name, command);
  if (command !== null && found.type === 'executable' && plainShell.test(interpreter ?? found.path)) slot.shells.add(command);
  return command;
}

/** Whether the words of the shell can be told from what the command itself has written. */
function isToldFrom({ shells }: Slot, command: string, isHeard: boolean): boolean {
  return isHeard && !shells.has(command);
}

/** Whether the shell can send output there; a file that the user has named is made or emptied here as for any other command. */
function canBeWritten(target: OutputTarget): boolean {
  if (target.type === 'inherit' || target.type === 'fd') return false;
  if (target.type !== 'file') return true;
  // What `/dev/stdout` is to the shell it is not to mpctl.
  if (isNamedPipe(target.file, 'write') || /^\/(?:dev|proc)\//u.test(target.file)) return false;
  try {
    closeSync(openSync(target.file, target.append === true ? 'a' : 'w', 0o666));
    return true;
  } catch {
    return false;
  }
}
