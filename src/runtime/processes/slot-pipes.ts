import type { Plan } from '../../plan/plan.ts';
import type { FifoPool } from './fifo-pool.ts';
import { SlotPipe } from './slot-pipe.ts';

/** The named pipes of one shell. */
export interface SlotPipes {
  /** Path of the one from which it reads what to run. */
  readonly input: string;
  /** Path of the one to which it writes what it answers. */
  readonly answers: string;
  /** Is open in every command, so that it is known whom it has left behind. */
  readonly marker: SlotPipe;
  /** To these the commands write what is read here. */
  readonly stdout: SlotPipe;
  readonly stderr: SlotPipe;
}

/** How many of them a shell has. */
const pipesOfSlot = 5;

/** How many the shells of a run have in all. */
export function pipesOfSlots({ pools }: Pick<Plan, 'pools'>): number {
  return pools.reduce((count, { body, workers }) => count + (body.type === 'command' ? pipesOfSlot * workers : 0), 0);
}

/** Null where they cannot be had. */
export function openSlotPipes(fifos: FifoPool): SlotPipes | null {
  const [input, answers, ...paths] = fifos.takeManyNow(pipesOfSlot) ?? [];
  const [marker, stdout, stderr] = paths.map((path) => SlotPipe.open(path, fifos));
  if (input !== undefined && answers !== undefined && marker instanceof SlotPipe && stdout instanceof SlotPipe && stderr instanceof SlotPipe) return { input, answers, marker, stdout, stderr };
  for (const path of [input, answers]) if (path !== undefined) fifos.giveBack(path, false);
  for (const pipe of [marker, stdout, stderr]) pipe?.release();
  return null;
}

/** They serve other shells, where nobody has them open any more. */
export function releaseSlotPipes({ answers, marker, stdout, stderr }: SlotPipes, fifos: FifoPool): void {
  fifos.giveBack(answers, false);
  for (const pipe of [marker, stdout, stderr]) pipe.release();
}
