import { chmodSync } from 'node:fs';
import type * as Http from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { httpError, type HttpAnswer, loopHeader, maxFrameHeader, streamPath } from '../../protocol/message.ts';
import type { SeenProcess, SeenProgram, SeenWaiter } from '../../engine/seen-program.ts';
import { type HttpCaller, readPid, streamForm } from './answer-call.ts';
import { attemptIsOver, type CallDesk } from './call-desk.ts';
import { exchange, reply } from './exchange.ts';
import type { Keys } from './keys.ts';
import { Outbox } from './outbox.ts';
import { PlainConnection } from './plain-connection.ts';
import { faultOfPlace, socketPlaces } from './socket-place.ts';
import { Stream } from './stream.ts';

/** What a door is made for. */
export interface DoorOptions {
  readonly runFolder: string;
  readonly runId: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Largest frame or body that is taken. */
  readonly maxFrameBytes: number;
  readonly keys: Keys;
  readonly desk: CallDesk;
  /** No socket can be had: programs then run without the primitives. */
  readonly onTrouble: (message: string) => void;
}

const loopName = loopHeader.toLowerCase();
const releases: ReadonlySet<string> = new Set(['/v1/lock/release', '/v1/semaphore/release']);
const noKey = httpError({ kind: 'unauthorized', message: 'the key is missing, wrong, of another run, or of an attempt that has ended' });

/**
 * The Unix socket of a run. Programs authenticate with the key of their instance, over HTTP call by call
 * or once for a stream. No HTTP server is loaded before somebody sends what needs one.
 */
export class Door {
  readonly #options: DoorOptions;
  readonly #outbox = new Outbox();
  readonly #sockets = new Set<Socket>();
  /** The streams that each instance has open. */
  readonly #streams = new Map<string, Set<Stream>>();
  /** The calls over HTTP that a whole process waits for, by instance. */
  readonly #waiters = new Map<string, Set<SeenWaiter>>();
  #server: Server | null = null;
  #http: Promise<Http.Server> | null = null;
  #path: string | null = null;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#listen(socketPlaces(options.runFolder, options.runId, options.environment));
  }

  /** The path of the socket; null where none can be had. */
  get path(): string | null {
    return this.#path;
  }

  /** Whether a program of the instance has a stream open. */
  hasStream(instance: string): boolean {
    return this.#streams.has(instance);
  }

  /** Who of an instance has a connection, and who waits for an answer and does nothing else. */
  clientsOf(instance: string): Omit<SeenProgram, 'processes'> {
    const streams = [...(this.#streams.get(instance) ?? [])];
    const waiters = [...streams.flatMap((stream) => stream.waiters()), ...(this.#waiters.get(instance) ?? [])];
    const listeners = streams.filter(({ listens }) => listens).map(({ pid }) => pid);
    const loops = streams.flatMap(({ loop }) => loop ?? []);
    return { waiters, clients: streams.map(({ pid }) => pid), loops, listeners };
  }

  /** These are all processes of an instance: where every one of them sleeps, event loops among them are asked what they hear. */
  saw(instance: string, processes: readonly SeenProcess[]): void {
    if (processes.some(({ threads }) => threads?.includes('other') === true)) return;
    const streams = [...(this.#streams.get(instance) ?? [])];
    const mark = processes.map((one) => one.mark).join(' ');
    const calls = streams.flatMap((stream) => stream.waiters().map(({ call }) => call)).join(' ');
    for (const stream of streams) {
      if (processes.some(({ pid, threads }) => pid === stream.pid && threads !== null)) stream.sleeps({ mark, calls });
    }
  }

  /** Tells the programs of an instance that watch a pipe that its other end has closed. */
  tellPipeEnded(instance: string, pipe: string): void {
    for (const stream of this.#streams.get(instance) ?? []) stream.tellPipeEnded(pipe);
  }

  /** The attempt of an instance has ended: nothing of its programs that lives on may speak for it, or for the next one. */
  attemptEnded(instance: string): void {
    this.#options.keys.end(instance);
    const streams = this.#streams.get(instance) ?? [];
    this.#streams.delete(instance);
    for (const stream of streams) stream.attemptEnded();
  }

  /** Closes every connection. */
  close(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #listen(places: readonly string[]): void {
    // The same folder may be meant twice.
    const refused = new Set<string>();
    for (const path of places) {
      const fault = faultOfPlace(dirname(path)) ?? this.#listenAt(path);
      if (fault === null) return;
      refused.add(`\`${dirname(path)}\` ${fault}`);
    }
    const reasons = refused.size === 0 ? 'all paths are too long' : [...refused].join(', ');
    this.#options.onTrouble(`no socket can be made for the programs of the run (${reasons}): set \`XDG_RUNTIME_DIR\` to a folder of your own`);
  }

  /** What keeps a socket from being made; null where nothing has. */
  #listenAt(path: string): string | null {
    const server = createServer((socket) => this.#accept(socket));
    // What is wrong is seen at once, below.
    server.on('error', () => {});
    server.listen({ path, backlog: 4096 });
    // A path is bound before `listen` returns: whoever is started now finds it.
    if (!server.listening) return 'takes no socket';
    chmodSync(path, 0o600);
    server.unref();
    this.#server = server;
    this.#path = path;
    return null;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    PlainConnection.serve(socket, {
      desk: this.#options.desk,
      maxFrameBytes: this.#options.maxFrameBytes,
      authenticate: ({ path, headers }) => this.#authenticate(headers.get('authorization'), path),
      openStream: ({ headers, rest }) => this.#openStream(socket, { authorization: headers.get('authorization'), pid: readPid(headers.get('mpctl-pid')), isLoop: headers.has(loopName) }, rest),
      leaveToServer: (unread) => this.#leaveToServer(socket, unread),
    });
  }

  #leaveToServer(socket: Socket, unread: Buffer): void {
    this.#http ??= this.#createHttpServer();
    void this.#http.then((http) => {
      http.emit('connection', socket);
      socket.unshift(unread);
      socket.resume();
    });
  }

  async #createHttpServer(): Promise<Http.Server> {
    const { createServer: createHttpServer } = await import('node:http');
    const http = createHttpServer((request, response) => {
      const caller = this.#authenticate(request.headers.authorization, request.url);
      if ('status' in caller) reply(response, caller);
      else exchange(request, response, caller, this.#options.desk);
    });
    http.on('upgrade', ({ url, headers }, socket: Socket, head: Buffer) => {
      const isStream = url === streamPath && headers.upgrade === 'mpctl';
      this.#openStream(socket, { authorization: headers.authorization, pid: isStream ? readPid(headers['mpctl-pid']) : null, isLoop: loopName in headers }, head);
    });
    return http;
  }

  /** `pid` is null where it is not asked for in the right way. */
  #openStream(socket: Socket, asked: { readonly authorization: string | undefined; readonly pid: number | null; readonly isLoop: boolean }, head: Buffer): void {
    const { desk, maxFrameBytes } = this.#options;
    const caller = this.#authenticate(asked.authorization);
    if ('status' in caller) {
      refuseUpgrade(socket, caller);
    } else if (asked.pid === null) {
      refuseUpgrade(socket, httpError({ kind: 'invalid_request', message: streamForm }));
    } else {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: mpctl\r\n${maxFrameHeader}: ${maxFrameBytes}\r\n\r\n`);
      if (head.length > 0) socket.unshift(head);
      const stream = new Stream(socket, { attempt: caller.attempt, process: String(asked.pid), isLoop: asked.isLoop, maxFrameBytes }, desk, this.#outbox);
      socket.once('close', addTo(this.#streams, caller.attempt.instance, stream));
    }
  }

  /**
   * Who it is; the refusal, which is noted, where the key is nobody's, or nobody's any more. That a program gives back what the end of its
   * attempt has released before is no news: so ends every `lock run` of a script that was stopped.
   */
  #authenticate(authorization: string | undefined, path?: string): HttpCaller | HttpAnswer {
    const { keys, desk, maxFrameBytes } = this.#options;
    const key = /^Bearer (?<key>\S+)$/u.exec(authorization ?? '')?.groups?.['key'];
    const attempt = key === undefined ? null : keys.ownerOf(key, process.getBuiltinModule('node:crypto').timingSafeEqual);
    if (attempt === null) {
      desk.refused(key === undefined ? 'it showed no key' : 'its key is wrong, of another run, or of an attempt that has ended');
      return noKey;
    }
    if (attempt.isOver) {
      if (path === undefined || !releases.has(path)) desk.refused(`its key is of an attempt of \`${attempt.instance}\` that has ended`);
      return httpError(attemptIsOver(attempt));
    }
    return { attempt, maxFrameBytes, noteWaiter: (waiter) => addTo(this.#waiters, attempt.instance, waiter) };
  }
}

/** Adds to those of an instance; what it returns takes it away again. */
function addTo<T>(sets: Map<string, Set<T>>, instance: string, one: T): () => void {
  const set = sets.get(instance) ?? new Set<T>();
  sets.set(instance, set.add(one));
  return () => {
    set.delete(one);
    if (set.size === 0 && sets.get(instance) === set) sets.delete(instance);
  };
}

function refuseUpgrade(socket: Socket, { status, body }: HttpAnswer): void {
  const head = [`HTTP/1.1 ${status} Refused`, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
