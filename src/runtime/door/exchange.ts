import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpError, type HttpAnswer } from '../../protocol/message.ts';
import { answerCall, type HttpCaller, readPid } from './answer-call.ts';
import type { CallDesk } from './call-desk.ts';
import { ConnectionHolder } from './connection-holder.ts';

/** So long what follows a body that is too large is still read, in ms. */
const patienceMs = 1000;

/** Answers one call that the HTTP server has read. */
export function exchange(request: IncomingMessage, response: ServerResponse, caller: HttpCaller, desk: CallDesk): void {
  readBody(request, caller.maxFrameBytes, (body) => {
    if (body === null) {
      refuseTooLarge(request, response, caller.maxFrameBytes);
      return;
    }
    const call = { method: request.method ?? '', path: request.url ?? '', body, pid: readPid(request.headers['mpctl-pid']), holder: ConnectionHolder.of(request.socket, request.headers['mpctl-hold']) };
    response.once('close', answerCall(call, caller, desk, (answer) => reply(response, answer)));
  });
}

/** Sends the answer, where anybody still waits for it. */
export function reply(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
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
