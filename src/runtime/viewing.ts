/*
 * Back-pressure of whoever shows the lines of workers. As with `command | less`, a worker waits in its own
 * write for a viewer that does not keep up. Whatever is being stopped waits for no viewer: it is read on,
 * into its log, and what the viewer does not take of it is counted and not shown.
 */
import { ShortLivedMap } from '../base/short-lived-map.ts';
import type { ProcessKey } from '../engine/engine-event.ts';
import type { SpawnOrder } from '../engine/effect.ts';
import type { RunEventBody } from '../engine/run-event.ts';
import type { OutputGate } from './processes/output-gate.ts';
import { ViewerGate } from './viewer-gate.ts';
import type { Viewer } from './viewer.ts';

/** So much that a viewer has not taken is ordinary: a process that is switched off and on for less costs more than it saves. */
const behindBytes = 256 * 1024;
/** So much more of a process is shown to a viewer that is behind: who writes little does not wait for those who write much. */
const shareBytes = 16 * 1024;
/** So much waits for a viewer while what it is of is being stopped. */
const mostBytes = 1024 * 1024;

/** The viewer of one run, as its processes have to do with it. */
export class Viewing {
  readonly #viewer: Viewer | null;
  readonly #gates = new ShortLivedMap<ProcessKey, ViewerGate>();
  readonly #waiting = new Set<() => void>();
  #unshownLines = 0;
  #isStopping = false;
  /** Instances that are being stopped. */
  readonly #stopping = new Set<string>();
  /** How often the viewer has caught up. */
  #round = 0;

  /** Without a viewer nobody waits. */
  constructor(viewer: Viewer | null) {
    this.#viewer = viewer;
    viewer?.onCaughtUp(() => {
      this.#round += 1;
      for (const goOn of [...this.#waiting]) {
        // What goes on may give the viewer more than it takes, and those behind it go on waiting.
        if (this.#isBehind(behindBytes)) return;
        this.#waiting.delete(goOn);
        goOn();
      }
    });
  }

  /** Lines that were left out since their viewer did not take them. */
  get unshownLines(): number {
    return this.#unshownLines;
  }

  /** The one for the streams of a process whose lines are shown; `isWatched` says whether somebody looks at each of them. */
  gateOf({ key, instance, stdout, stderr, tty }: SpawnOrder, isWatched: () => boolean): OutputGate {
    const known = this.#gates.get(key);
    if (known !== undefined) return known;
    const logged = { stdout: stdout.type === 'log', stderr: stderr.type === 'log' };
    // What a pseudo-terminal holds that is not read when its process ends is lost a moment later.
    const holdable = { stdout: logged.stdout && !tty, stderr: logged.stderr && !tty };
    let share = { round: this.#round, bytes: 0 };
    const mostLines = (stream: 'stdout' | 'stderr'): number =>
      logged[stream] && !isWatched() ? (this.#viewer?.lastLines ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
    const gate = new ViewerGate(instance, mostLines, (stream, bytes, goOn) => {
      if (!holdable[stream]) return false;
      const isBehind = this.#isBehind(behindBytes);
      if (!isBehind || share.round !== this.#round) share = { round: this.#round, bytes: 0 };
      share.bytes += bytes;
      if (!isBehind || share.bytes < shareBytes) return false;
      this.#waiting.add(goOn);
      return true;
    });
    if (this.#isStopping || this.#stopping.has(instance)) gate.open(true);
    this.#gates.set(key, gate);
    return gate;
  }

  /** Its leader has ended: no more comes than its pipe holds, and whoever waits for its end does not wait for the viewer. */
  exited(key: ProcessKey): void {
    this.#gates.get(key)?.open(false);
  }

  /** Nothing more comes of the process. */
  forget(key: ProcessKey): void {
    this.#gates.delete(key);
  }

  /** Whether a line of the process is to be shown. */
  takes(key: ProcessKey): boolean {
    if (this.#gates.get(key)?.leavesOut !== true || !this.#isBehind(mostBytes)) return true;
    this.#unshownLines += 1;
    return false;
  }

  /** What is stopped from now on is not to wait for its viewer. */
  heard(event: RunEventBody): void {
    switch (event.type) {
      case 'instance.stopping':
        for (const gate of this.#gates.values()) if (gate.instance === event.instance) gate.open(true);
        // Its stop command is yet to come.
        if (!event.step) this.#stopping.add(event.instance);
        return;
      case 'instance.started':
      case 'instance.ended':
        this.#stopping.delete(event.instance);
        return;
      case 'run.signal':
      case 'run.stopping':
        this.#isStopping = true;
        for (const gate of this.#gates.values()) gate.open(true);
        return;
      default:
    }
  }

  #isBehind(bytes: number): boolean {
    return this.#viewer !== null && this.#viewer.pendingBytes() > bytes;
  }
}
