import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '../../base/json.ts';
import { parseJson, type JsonFault } from '../../base/parse-json.ts';
import { ok, type Result } from '../../base/result.ts';
import { describeFault } from './json-fault.ts';
import { httpError, type HttpError } from '../../protocol/message.ts';
import { isMethod, parseCall } from '../../protocol/parse-call.ts';
import type { CallError } from '../../protocol/error-kind.ts';
import type { SeenWaiter } from '../../engine/seen-program.ts';
import type { CallDesk } from './call-desk.ts';

/** So long what follows a body that is too large is still read, in ms. */
const patienceMs = 1000;

const pathPattern = /^\/v1\/(?<thing>[a-z]+)\/(?<verb>[a-z_]+)$/u;

/** What a call over HTTP speaks for. */
interface HttpCaller {
  /** It has shown its key. */
  readonly instance: string;
  /** Largest body that is taken from it. */
  readonly maxFrameBytes: number;
  /** Hears of a call that all of a process waits for, and gives what is to be called when it waits no more. */
  readonly noteWaiter: (waiter: SeenWaiter) => () => void;
}

/** Answers one call over HTTP. */
export function exchange(request: IncomingMessage, response: ServerResponse, caller: HttpCaller, desk: CallDesk): void {
  const { instance, maxFrameBytes, noteWaiter } = caller;
  readBody(request, maxFrameBytes, (body) => {
    if (body === null) {
      refuseTooLarge(request, response, maxFrameBytes);
      return;
    }
    const { thing, verb } = pathPattern.exec(request.url ?? '')?.groups ?? {};
    if (thing === undefined || verb === undefined || request.method !== 'POST') {
      const kind = isMethod(`${thing}.${verb}`) ? 'wrong_verb' : 'unknown_method';
      refuse(response, { kind, message: `a call is \`POST /v1/THING/VERB\`, not \`${request.method ?? ''} ${request.url ?? ''}\`` });
      return;
    }
    const parsed = parse(body);
    if (!parsed.ok) {
      refuse(response, { kind: 'parse_error', message: describeFault(parsed.error, 'the body') });
      return;
    }
    const call = parseCall(`${thing}.${verb}`, parsed.value);
    if (!call.ok) {
      refuse(response, call.error);
      return;
    }
    let answered = false;
    const number = desk.ask({ instance, holder: null }, call.value, (answer) => {
      answered = true;
      if (answer.ok) reply(response, 200, `{"result":${JSON.stringify(answer.value)}}\n`);
      else refuse(response, answer.error);
    });
    const pid = readPid(request.headers['mpctl-pid']);
    const noteEnd = answered || pid === null ? () => {} : noteWaiter({ call: number, pid, thread: '', threads: null });
    response.once('close', () => {
      noteEnd();
      if (!answered) desk.cancel(number);
    });
  });
}

/** The process id in the header of a request; null where there is none. */
export function readPid(header: string | string[] | undefined): number | null {
  const pid = /^\d{1,10}$/u.exec(String(header ?? ''))?.[0];
  return pid === undefined ? null : Number(pid);
}

/** Says why there is no result. */
export function refuse(response: ServerResponse, error: CallError): void {
  const { status, headers, body } = httpError(error);
  reply(response, status, body, headers);
}

function reply(response: ServerResponse, status: number, body: string, headers: HttpError['headers'] = {}): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/**
 * The answer goes out at once and the connection is closed only when the client has sent everything: one
 * that meets a closed connection while it is sending does not read the answer.
 */
function refuseTooLarge(request: IncomingMessage, response: ServerResponse, maxFrameBytes: number): void {
  const { status, body } = httpError({ kind: 'too_large', message: `a body holds at most ${maxFrameBytes} bytes` });
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), Connection: 'close' });
  response.write(body);
  const patience = setTimeout(() => request.destroy(), patienceMs).unref();
  request.once('close', () => clearTimeout(patience));
  request.once('end', () => response.end());
}

/** The whole body; null where it is too large, an empty text where there is none. */
function readBody(request: IncomingMessage, maxBytes: number, done: (body: string | null) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isOver = false;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (isOver) return;
    if (bytes <= maxBytes) {
      chunks.push(chunk);
      return;
    }
    isOver = true;
    done(null);
  });
  request.on('end', () => {
    if (!isOver) done(Buffer.concat(chunks).toString('utf8'));
  });
  request.on('error', () => {});
}

/** Parameters may be left out. */
function parse(body: string): Result<Json, JsonFault> {
  return body.trim() === '' ? ok({}) : parseJson(body);
}
