import { existsSync, readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Engine } from '../../../src/engine/engine.ts';
import type { Effect } from '../../../src/engine/effect.ts';
import type { EngineEvent } from '../../../src/engine/engine-event.ts';
import { RunDesk } from '../../../src/runtime/call-desk.ts';
import { attemptCall } from '../../../src/runtime/attempt-call.ts';
import type { CallDesk } from '../../../src/runtime/door/call-desk.ts';
import { Door } from '../../../src/runtime/door/door.ts';
import { ClientFiles } from '../../../src/runtime/door/client-files.ts';
import { Loans } from '../../../src/runtime/door/loans.ts';
import { runPrimitives } from '../../../src/runtime/run-primitives.ts';
import { signalNumber } from '../../../src/runtime/signals.ts';
import { endLoans } from '../../../src/runtime/settle-loans.ts';
import { Keys } from '../../../src/runtime/door/keys.ts';
import type { PrimitiveDefinition } from '../../../src/sync/definition.ts';
import type { SyncSnapshot } from '../../../src/sync/snapshot.ts';
import { planOf } from '../../rig/virtual-plan.ts';
import { afterTest, temporaryFolder } from './worker-harness.ts';

/** A real door with a real engine and broker behind it; its processes are only said to run, and to end of a signal that ends them. */
export interface OpenDoor {
  readonly path: string;
  readonly keys: Keys;
  /** Why clients were sent away. */
  readonly refusals: readonly string[];
  readonly definitions: readonly PrimitiveDefinition[];
  snapshot(): SyncSnapshot;
  /** How many processes of an instance were started. */
  spawnsOf(instance: string): number;
  /** Who of an instance is connected, and who waits and does nothing else. */
  clientsOf(instance: string): ReturnType<Door['clientsOf']>;
  /** All processes of an instance were seen. */
  saw: Door['saw'];
  /** Whether the call has no answer yet. */
  isUnderWay(call: number): boolean;
  /** How often it was said that a holder is gone. */
  gone(): number;
  /** Handles nothing until this has been done. */
  whileBusy(act: () => Promise<void>): Promise<void>;
  /** The files that the door shares with its clients. */
  clientFiles(): readonly string[];
  /** What is kept of calls that were answered; all of it is 0. */
  leftovers(): { readonly unanswered: number; readonly calledOffLate: number; readonly keptByDesk: number };
}

/** Opens the door of a spec whose processes all run commands; every one of them is running. */
export function openDoor(spec: string, looks: (door: OpenDoor) => void = () => {}, maxFrameBytes = 1024 * 1024): OpenDoor {
  const plan = planOf(spec);
  const engine = new Engine(plan, {
    runId: 'run',
    runFolder: '/run',
    environment: {},
    random: () => 0.5,
    signalNumber,
    lineOf: () => null,
    isUnderMake: false,
  });
  const refusals: string[] = [];
  const spawned: string[] = [];
  const began = performance.now();
  const now = (): number => performance.now() - began;
  const clientFolder = join(temporaryFolder(), 'clients');
  const files = new ClientFiles(clientFolder);
  const loans = new Loans(files);
  const primitives = runPrimitives({ definitions: plan.primitives, files, loans, nowMs: now });
  const { broker, handshakes } = primitives;
  const queue: EngineEvent[] = [];
  let handling = false;
  let timer: NodeJS.Timeout | undefined;
  let open: OpenDoor | null = null;
  const carryOut = (effect: Effect): void => {
    if (effect.type === 'request') broker.request(effect.request, now());
    else if (effect.type === 'cancel_request') broker.cancel(effect.requestId, now());
    else if (effect.type === 'close') broker.close(effect.closing, now());
    else if (effect.type === 'holder_ended') {
      endLoans(loans, broker, effect.instance, effect.holder, now());
      broker.holderEnded(effect, now());
      handshakes.remove(effect.instance, effect.holder);
    } else if (effect.type === 'owner_ended') {
      endLoans(loans, broker, effect.instance, null, now());
      broker.ownerEnded(effect.instance, effect.final, now());
      handshakes.remove(effect.instance, null);
      door.attemptEnded(effect.instance);
    } else if (effect.type === 'pipe_ended') door.tellPipeEnded(effect.instance, effect.pipe);
    else if (effect.type === 'recall') loans.recall(effect.owner, effect.queue);
    else if (effect.type === 'answer') desk.answer(effect.call, effect.answer);
    else if (effect.type === 'spawn') {
      spawned.push(effect.order.instance);
      post({ type: 'spawned', key: effect.order.key, pid: effect.order.key });
    }
    else if (effect.type === 'finish') door.close();
    else if (effect.type === 'signal' && (effect.signal === 'SIGTERM' || effect.signal === 'SIGKILL')) {
      post({ type: 'exited', key: effect.key, exit: { code: null, signal: effect.signal }, groupIsAlive: false });
      post({ type: 'drained', key: effect.key, captured: null, stdoutBytes: 0 });
    }
  };
  let cancelled = 0;
  let gone = 0;
  const post = (event: EngineEvent): void => {
    if (event.type === 'cancel_call') cancelled += 1;
    if (event.type === 'holder_gone') gone += 1;
    queue.push(event);
    if (!handling) handle();
  };
  const handle = (): void => {
    handling = true;
    for (const next of queue) {
      broker.expire(now());
      const rest = next.type === 'call' ? (desk.whyTooLate(next.id) ?? attemptCall(engine, broker, next, now())) : next;
      if (!('type' in rest)) {
        if (next.type === 'call') desk.answer(next.id, rest);
        continue;
      }
      for (const effect of engine.step(rest, now())) carryOut(effect);
    }
    queue.length = 0;
    handling = false;
    if (open !== null) looks(open);
    clearTimeout(timer);
    const wakeMs = Math.min(engine.nextWakeMs() ?? Infinity, broker.nextDeadlineMs() ?? Infinity);
    if (wakeMs < Infinity) timer = setTimeout(() => post({ type: 'tick' }), Math.min(2 ** 31 - 1, Math.max(0, wakeMs - now())));
  };
  const whileBusy = async (act: () => Promise<void>): Promise<void> => {
    handling = true;
    await act();
    handle();
  };
  const desk = new RunDesk({ ...primitives, definitions: plan.primitives, loans, files, post, attempt: (event) => attemptCall(engine, broker, event, now()), actorsOf: (thing) => engine.actorsOf(thing), warn: (message) => refusals.push(message) });
  broker.listen((event) => post({ type: 'sync', event }));
  const keys = new Keys();
  const underWay = new Set<number>();
  let lastCall = 0;
  let calledOffLate = 0;
  // A stream calls off what it still keeps when it is closed: that it keeps what was answered is seen then.
  const watchedDesk: CallDesk = {
    ask: (caller, call, done) => {
      let isAnswered = false;
      let number = 0;
      number = desk.ask(caller, call, (answer) => {
        isAnswered = true;
        underWay.delete(number);
        done(answer);
      });
      lastCall = number;
      if (!isAnswered) underWay.add(number);
      return number;
    },
    cancel: (call) => {
      if (!underWay.has(call)) calledOffLate += 1;
      desk.cancel(call);
    },
    openTally: (...asked) => desk.openTally(...asked),
    openAhead: (...asked) => desk.openAhead(...asked),
    sendDirectly: (...asked) => desk.sendDirectly(...asked),
    receiveAhead: (...asked) => desk.receiveAhead(...asked),
    delegate: (...asked) => desk.delegate(...asked),
    openHandoff: (...asked) => desk.openHandoff(...asked),
    endHandoff: (lock) => desk.endHandoff(lock),
    leaveHandoff: (...asked) => desk.leaveHandoff(...asked),
    openSpool: (...asked) => desk.openSpool(...asked),
    letGo: (...asked) => desk.letGo(...asked),
    holderGone: (instance, holder) => desk.holderGone(instance, holder),
    refused: (reason) => desk.refused(reason),
  };
  const leftovers = (): ReturnType<OpenDoor['leftovers']> => {
    const before = cancelled;
    // The desk passes on only what it still keeps.
    for (let call = 1; call <= lastCall; call += 1) desk.cancel(call);
    return { unanswered: underWay.size, calledOffLate, keptByDesk: cancelled - before };
  };
  const door = new Door({
    runFolder: temporaryFolder(),
    runId: 'run-1',
    environment: {},
    maxFrameBytes,
    keys,
    desk: watchedDesk,
    onTrouble: (message) => {
      throw new Error(message);
    },
  });
  afterTest(() => {
    clearTimeout(timer);
    door.close();
  });
  post({ type: 'begin' });
  const { path } = door;
  if (path === null) throw new Error('no socket');
  open = { path, keys, refusals, definitions: plan.primitives, snapshot: () => broker.snapshot(), spawnsOf: (instance) => spawned.filter((name) => name === instance).length, clientsOf: (instance) => door.clientsOf(instance), saw: (...seen) => door.saw(...seen), isUnderWay: (call) => underWay.has(call), gone: () => gone, whileBusy, leftovers, clientFiles: () => (existsSync(clientFolder) ? readdirSync(clientFolder) : []) };
  return open;
}

/** One frame that came back. */
export interface Frame {
  readonly id: number | string | null;
  /** Of what nobody had asked for. */
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data: { readonly kind: string } };
}

/** A raw client: it writes what it is told, and keeps every frame that comes. */
export interface RawClient {
  readonly socket: Socket;
  readonly frames: readonly Frame[];
  /** Resolves with all frames once there are so many, or rejects when the connection is closed before. */
  until(count: number): Promise<readonly Frame[]>;
  readonly closed: Promise<void>;
}

/** Connects and upgrades; `head` is further lines of the request, each with its end. */
export async function openStream(door: OpenDoor, instance: string, pid = 1, head = ''): Promise<RawClient> {
  const socket = connect(door.path);
  afterTest(() => {
    socket.destroy();
  });
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  let isUpgraded = false;
  let rest = '';
  let isClosed = false;
  const upgraded = new Promise<void>((resolve) => {
    socket.setEncoding('utf8').on('data', (text: string) => {
      rest += text;
      if (!isUpgraded) {
        const end = rest.indexOf('\r\n\r\n');
        if (end < 0) return;
        isUpgraded = true;
        rest = rest.slice(end + 4);
        resolve();
      }
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const one of lines) frames.push(JSON.parse(one) as Frame);
      for (const wake of waiting) wake();
    });
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      isClosed = true;
      resolve();
      for (const wake of waiting) wake();
    });
  });
  socket.write(
    `GET /v1/stream HTTP/1.1\r\nHost: mpctl\r\nConnection: Upgrade\r\nUpgrade: mpctl\r\nMpctl-Pid: ${pid}\r\n${head}` +
      `Authorization: Bearer ${door.keys.keyOf(instance)}\r\n\r\n`,
  );
  await upgraded;
  const until = (count: number): Promise<readonly Frame[]> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (frames.length < count && !isClosed) return;
        waiting.delete(look);
        if (frames.length >= count) resolve(frames);
        else reject(new Error(`closed after ${JSON.stringify(frames)}`));
      };
      waiting.add(look);
      look();
    });
  return { socket, frames, closed, until };
}

/** A request as a line. */
export function line(id: number | string | null, method: string, params: unknown, thread?: number): string {
  return `${JSON.stringify({ jsonrpc: '2.0', ...(id === null ? {} : { id }), method, params, ...(thread === undefined ? {} : { thread }) })}\n`;
}

/** Sends bytes over a new connection and resolves with everything that comes back until it is closed; our side may stay open. */
export function rawExchange(path: string, bytes: string | Uint8Array, side: 'ended' | 'open' = 'ended'): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    if (side === 'open') socket.write(bytes);
    else socket.end(bytes);
    afterTest(() => {
      socket.destroy();
    });
  });
}

/** Nothing of the run folder may be open to others. */
export function socketFolder(door: OpenDoor): string {
  return join(door.path, '..');
}
