import type { FifoPool } from './fifo-pool.ts';
import { SlotPipe } from './slot-pipe.ts';

/** The named pipes of one shell. */
export interface SlotPipes {
  /** Path of the one from which it reads what to run. */
  readonly input: string;
  /** Is open in every command, so that it is known whom it has left behind. */
  readonly marker: SlotPipe;
  /** To these the commands write what is read here. */
  readonly stdout: SlotPipe;
  readonly stderr: SlotPipe;
}

/** Null where they cannot be had. */
export function openSlotPipes(fifos: FifoPool): SlotPipes | null {
  const [input, ...paths] = fifos.takeManyNow(4) ?? [];
  const [marker, stdout, stderr] = paths.map((path) => SlotPipe.open(path, fifos));
  if (input !== undefined && marker instanceof SlotPipe && stdout instanceof SlotPipe && stderr instanceof SlotPipe) return { input, marker, stdout, stderr };
  if (input !== undefined) fifos.giveBack(input, false);
  for (const pipe of [marker, stdout, stderr]) pipe?.release();
  return null;
}

/** They serve other shells, where nobody has them open any more. */
export function releaseSlotPipes({ marker, stdout, stderr }: SlotPipes): void {
  for (const pipe of [marker, stdout, stderr]) pipe.release();
}
