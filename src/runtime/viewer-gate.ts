import type { OutputGate } from './processes/output-gate.ts';

/** Holds what one process writes, until it is opened for good. */
export class ViewerGate implements OutputGate {
  /** Whose process it is. */
  readonly instance: string;
  readonly mostLines: OutputGate['mostLines'];
  readonly #holds: OutputGate['holds'];
  readonly #held = new Set<() => void>();
  isOpen = false;
  /** What its viewer does not take of it is not shown. */
  leavesOut = false;

  constructor(instance: string, mostLines: OutputGate['mostLines'], holds: OutputGate['holds']) {
    this.instance = instance;
    this.mostLines = mostLines;
    this.#holds = holds;
  }

  holds(stream: 'stdout' | 'stderr', bytes: number, goOn: () => void): boolean {
    if (this.isOpen) return false;
    const once = (): void => {
      if (this.#held.delete(once)) goOn();
    };
    if (!this.#holds(stream, bytes, once)) return false;
    this.#held.add(once);
    return true;
  }

  /** For good. With `leavesOut` there is no end to what may come, and the viewer is shown what it takes. */
  open(leavesOut: boolean): void {
    this.isOpen = true;
    this.leavesOut ||= leavesOut;
    for (const goOn of this.#held) goOn();
  }
}
