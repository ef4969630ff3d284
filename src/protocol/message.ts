import type { Json } from '../base/json.ts';
import { isRecord } from '../base/json-type.ts';
import { errorForms, type CallError } from './error-kind.ts';

/** Largest frame or body that a door takes where nothing else is said, in bytes. */
export const defaultMaxFrameBytes = 1024 * 1024;

/** Header of the answer to an upgrade that says how large a frame of this stream may be, in bytes. */
export const maxFrameHeader = 'Mpctl-Max-Frame';

/** Header of the upgrade of a client that hears its answers in an event loop. */
export const loopHeader = 'Mpctl-Loop';

/** Version of the protocol; it rises with every change that is not an addition. */
export const protocolVersion = 1;

/** The path that a connection is upgraded at. */
export const streamPath = '/v1/stream';

/** What a request is answered to: JSON-RPC 2.0 allows numbers and strings. */
export type RequestId = number | string;

/** One request of a stream; without an id nobody wants its answer. */
export interface RequestFrame {
  readonly id: RequestId | null;
  readonly method: Json;
  readonly params: Json | undefined;
  /** The thread of the client that asks; it holds what is granted. */
  readonly thread: string;
  /** How many threads the process of the client has, where the asking one does nothing until it has the answer; null where that is not said. */
  readonly threads: number | null;
}

/** Reads a parsed frame as a request; null where it is none. */
export function readRequest(frame: Json): RequestFrame | null {
  if (!isRecord(frame)) return null;
  const { id = null, method, params, thread = 0, threads } = frame;
  if (method === undefined) return null;
  if (id !== null && typeof id !== 'number' && typeof id !== 'string') return null;
  if (typeof thread !== 'number' && typeof thread !== 'string') return null;
  const said = typeof threads === 'number' ? threads : null;
  return { id, method, params, thread: String(thread), threads: said };
}

/** The line that answers a request with a result. */
export function resultLine(id: RequestId, result: Json): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result)}}\n`;
}

/** A line that tells the client something that it did not ask for. */
export function notificationLine(method: string, params: Json): string {
  return `{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${JSON.stringify(params)}}\n`;
}

/** The line that answers a request with a refusal; `id` is null where it could not be read. */
export function errorLine(id: RequestId | null, { kind, message, put }: CallError): string {
  const error = { code: errorForms[kind].code, message, data: { kind, put } };
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(error)}}\n`;
}

/** How an answer is said over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  /** That belong to this answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a call over HTTP is refused. */
export function httpError({ kind, message, put }: CallError): HttpAnswer {
  const headers: Readonly<Record<string, string>> = kind === 'wrong_verb' ? { Allow: 'POST' } : {};
  return { status: errorForms[kind].status, headers, body: `${JSON.stringify({ error: { kind, message, put } })}\n` };
}

