import type { CommandStart } from './command-start.ts';

/** The same command with these flags for make. */
export function withFlags(start: CommandStart, flags: string): CommandStart {
  return { ...start, overlay: [...start.overlay, ['MAKEFLAGS', flags]] };
}
