import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Program, Tool } from './tools.ts';

/** What came of a scenario. */
export interface Outcome {
  /** How the tool ended: `exit 1`, `SIGINT`, or that it goes on. */
  readonly ended: string;
  readonly afterMs: number;
  /** Of the processes that it had started, those that are alive. */
  readonly left: readonly string[];
}

/** One thing that happens to every tool. */
export interface Scenario {
  readonly name: string;
  readonly run: (tool: Tool, folder: string) => Promise<Outcome>;
}

const shapes = ['T0', 'T1', 'T2', 'T3', 'T4', 'T5', 'T6'] as const;
/** So long a tool has for everything: twice what supervisord gives a program by default. */
const patienceMs = 20_000;
const lookEveryMs = 20;

export const scenarios: readonly Scenario[] = [
  {
    name: '`kill -9` of the tool, whose program has processes of seven shapes',
    run: async (tool, folder) => {
      const { child, pids } = await start(tool, folder, [{ name: 'tree', argv: ['sh', join(import.meta.dirname, 'shapes.sh'), join(folder, 'pids')] }], shapes);
      return end(child, pids, () => child.kill('SIGKILL'), () => true);
    },
  },
  {
    name: 'Ctrl-C, with a child that ignores SIGINT and SIGTERM',
    run: async (tool, folder) => {
      const script = `trap '' INT TERM; echo "deaf $$" >> ${join(folder, 'pids')}; sleep 300 & wait; wait`;
      const { child, pids } = await start(tool, folder, [{ name: 'deaf', argv: ['sh', '-c', script] }], ['deaf']);
      // As a terminal does: to the whole group in the foreground.
      return end(child, pids, () => process.kill(-(child.pid ?? 0), 'SIGINT'), hasEnded);
    },
  },
  {
    name: 'a one-shot fails with 3 beside a server',
    run: async (tool, folder) => {
      const server = { name: 'server', argv: ['sh', '-c', `echo "server $$" >> ${join(folder, 'pids')}; exec sleep 300`] };
      const failing = { name: 'oneshot', argv: ['sh', '-c', `until [ -s ${join(folder, 'pids')} ]; do sleep 0.01; done; exit 3`] };
      const { child, pids } = await start(tool, folder, [server, failing], ['server']);
      return end(child, pids, () => {}, hasEnded);
    },
  },
];

interface Started {
  readonly child: ChildProcess;
  readonly pids: ReadonlyMap<string, number>;
}

/** Starts the tool in a session of its own and waits until every process is there. */
async function start(tool: Tool, folder: string, programs: readonly Program[], names: readonly string[]): Promise<Started> {
  const [command = '', ...args] = tool.command(folder, programs);
  const child = spawn(command, args, { cwd: folder, detached: true, stdio: 'ignore', env: { ...process.env, HOME: folder, PM2_HOME: join(folder, 'pm2') } });
  await once(child, 'spawn');
  const file = join(folder, 'pids');
  const pids = new Map<string, number>();
  const until = performance.now() + patienceMs;
  while (names.some((name) => !pids.has(name))) {
    await delay(lookEveryMs);
    if (performance.now() > until) throw new Error(`${tool.name} has started ${[...pids.keys()].join(', ')} and not ${names.join(', ')}`);
    if (!existsSync(file)) continue;
    for (const [, name = '', pid] of readFileSync(file, 'utf8').matchAll(/^(\w+) (\d+)$/gmu)) pids.set(name, Number(pid));
  }
  return { child, pids };
}

/** Lets it happen, and waits until the tool has done what it will do and nothing is left, or for as long as there is patience. */
async function end(child: ChildProcess, pids: ReadonlyMap<string, number>, happen: () => void, isDone: (child: ChildProcess) => boolean): Promise<Outcome> {
  const beganMs = performance.now();
  happen();
  const left = (): readonly string[] => [...pids].flatMap(([name, pid]) => (isAlive(pid) ? [name] : []));
  while ((!isDone(child) || left().length > 0) && performance.now() - beganMs < patienceMs) await delay(lookEveryMs);
  const ended = child.signalCode ?? (child.exitCode === null ? 'it goes on' : `exit ${child.exitCode}`);
  return { ended, afterMs: performance.now() - beganMs, left: left() };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/su.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
