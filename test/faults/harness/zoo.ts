import path from 'node:path';

/** A program of the zoo, by its name; absolute. */
export function zoo(name: string): string {
  return path.join(import.meta.dirname, '..', 'zoo', name);
}

/** Starts one process of every shape that a supervisor may lose sight of, and writes their pids to its argument. */
export const shapes = path.join(import.meta.dirname, '..', '..', 'process', 'fixtures', 'shapes.sh');
