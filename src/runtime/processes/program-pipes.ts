/* The pipes between mpctl and a program, each known by the number that the system gives it, whatever a program calls its end. */
import { fstatSync, type Stats, statSync } from 'node:fs';

/** The pipes of one program that mpctl has the other end of. */
export interface ProgramPipes {
  /** What mpctl writes to its standard input; null where it is no pipe, or has not been taken yet. */
  readonly input: string | null;
  /** What it writes and mpctl reads. */
  readonly outputs: readonly string[];
}

/** A pipe without mpctl between a program and another one (`via: stdio`). */
export interface JoinedPipe {
  /** Whether the program reads from it or writes to it. */
  readonly end: 'input' | 'output';
  readonly pipe: string;
  /** The instance at its other end. */
  readonly other: string;
}

/** Of a descriptor of mpctl itself; null where it is no pipe or not open any more. */
export function ownPipe(descriptor: number): string | null {
  try {
    return numberOf(fstatSync(descriptor));
  } catch {
    return null;
  }
}

/** Of a descriptor of another process. */
export function pipeAt(pid: number, descriptor: number): string | null {
  try {
    return numberOf(statSync(`/proc/${pid}/fd/${descriptor}`));
  } catch {
    return null;
  }
}

function numberOf(stats: Stats): string | null {
  return stats.isFIFO() ? `${stats.dev}:${stats.ino}` : null;
}
