import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { isDead, listProcesses, readProcess, signalProcess, type ProcessEntry } from '../src/runtime/processes/process-table.ts';

/** Between two looks whether anybody is left. */
const lookMs = 1;
/** Whoever leaves a process behind for longer will never end it. */
const patienceMs = 30_000;

/** A command with many processes that is interrupted. */
export interface EndedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** How often its output says `ready` once all of them run. */
  readonly readyCount: number;
  /** How many there are then at least, with itself. */
  readonly processes: number;
}

/**
 * Time from SIGINT, which the command alone gets, until neither it nor anybody whom it has started is alive,
 * in ms. Zombies count as gone, since their new parent reaps them when it likes, but for the command's own
 * children: to reap those is its duty.
 *
 * @throws Error when it starts fewer processes, or leaves one behind.
 */
export async function timeEnd({ command, args, folder, readyCount, processes }: EndedCommand): Promise<number> {
  const name = [command, ...args].join(' ');
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
  await Promise.race([saysReady(child.stdout, readyCount), ended]);
  const tree = treeOf(child.pid ?? 0);
  if (tree.length < processes) throw new Error(`${name} has started ${String(tree.length)} processes and not ${String(processes)}`);
  const sentMs = performance.now();
  child.kill('SIGINT');
  await Promise.race([ended, delay(patienceMs, undefined, { ref: false })]);
  let left = tree;
  for (;;) {
    left = left.filter((entry) => isLeft(entry, entry.parentPid === child.pid));
    const tookMs = performance.now() - sentMs;
    if (left.length === 0) return tookMs;
    if (tookMs > patienceMs) break;
    await delay(lookMs);
  }
  for (const { pid } of left) signalProcess(pid, 'SIGKILL');
  throw new Error(`${name} has left ${String(left.length)} processes behind`);
}

/** Reads on afterwards, so that nobody waits for a reader. */
function saysReady(output: NodeJS.ReadableStream, readyCount: number): Promise<void> {
  return new Promise((resolve) => {
    let said = '';
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.split('ready').length <= readyCount) return;
      output.off('data', read).resume();
      resolve();
    };
    output.on('data', read);
  });
}

/** A process and its descendants. */
function treeOf(root: number): readonly ProcessEntry[] {
  const entries = listProcesses();
  const tree = entries.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...entries.filter(({ parentPid }) => parentPid === pid));
  return tree;
}

function isLeft({ pid, startTime }: ProcessEntry, mustBeReaped: boolean): boolean {
  const entry = readProcess(pid);
  return entry !== null && entry.startTime === startTime && (mustBeReaped || !isDead(entry));
}
