import type { Json } from '../../src/base/json.ts';
import { isEngineCall } from '../../src/engine/caller.ts';
import type { SeenProcess, SeenProgram, ThreadWait } from '../../src/engine/seen-program.ts';
import { parseCall } from '../../src/protocol/parse-call.ts';
import { play, type Played } from './virtual-play.ts';
import type { StandingCall } from './virtual-call.ts';
import type { WorldOptions } from './world-options.ts';

/** One call: when, who (`instance pid/thread`), the method and its parameters. */
export type Asked = readonly [atMs: number, who: string, method: string, params: Readonly<Record<string, Json>>];

/** The calls as the engine hears them. */
export function calls(asked: readonly Asked[]): NonNullable<WorldOptions['calls']> {
  return asked.map(([atMs, who, method, params], index) => {
    const call = parseCall(method, params);
    if (!call.ok || !isEngineCall(call.value)) throw new Error(method);
    const [instance = '', holder = ''] = who.split(' ');
    return { atMs, event: { type: 'call', id: index + 1, caller: { instance, holder }, call: call.value, progress: 0 } };
  });
}

/** The processes of a program besides those that wait, and what the threads do of those that do. */
export type Others = Readonly<Record<string, readonly ThreadWait[] | null>>;

/** A program as it is seen that waits in these calls; `others` are its further threads by process. */
export function seenOf(standing: readonly StandingCall[], others: Others, mark = ''): SeenProgram {
  const waiters = standing.map(({ call, caller }) => {
    const [pid = '', thread = ''] = caller.holder.split('/');
    return { call, pid: Number(pid), thread, threads: thread === 'all' ? null : 1 };
  });
  const pids = new Set([...waiters.map(({ pid }) => pid), ...Object.keys(others).map(Number)]);
  const processes = [...pids].map((pid): SeenProcess => {
    const more = others[String(pid)];
    const own = waiters.filter((waiter) => waiter.pid === pid && waiter.threads !== null).map((): ThreadWait => 'answer');
    return { pid, mark, threads: more === null ? null : [...own, ...(more ?? [])] };
  });
  return { processes, waiters, clients: [...new Set(waiters.map(({ pid }) => pid))], loops: [], listeners: [] };
}

/** The same, where each process hears its one connection in an event loop. */
export function inLoops(seen: SeenProgram, isSaid = true): SeenProgram {
  const waiters = seen.waiters.map((waiter) => ({ ...waiter, thread: '', threads: 'loop' as const }));
  const processes = seen.processes.map((process) => ({ ...process, threads: ['answer', 'own', 'own'] as const }));
  return { ...seen, processes, waiters, loops: seen.clients.map((pid) => ({ pid, isSaid })) };
}

/** The same with one thread more in each process. */
export function withThread(seen: SeenProgram, thread: ThreadWait): SeenProgram {
  return { ...seen, processes: seen.processes.map((process) => ({ ...process, threads: [...(process.threads ?? []), thread] })) };
}

/** Plays programs that wait with all that they are, but for `others`. */
export function wait(spec: string, asked: readonly Asked[], others: Readonly<Record<string, Others>> = {}, options: WorldOptions = {}): Played {
  return play(spec, { calls: calls(asked), looks: (instance, standing) => seenOf(standing, others[instance] ?? {}), ...options });
}
