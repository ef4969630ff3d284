import { createConnection } from 'node:net';
import type { Json } from '../../src/base/json.ts';
import { parseJson } from '../../src/base/parse-json.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { fieldOf } from '../../src/client/field-of.ts';
import { errorForms, isErrorKind, type ErrorKind } from '../../src/protocol/error-kind.ts';
import { verbExitCodes, type Refusal } from './refusal.ts';
import type { Ask } from './verb.ts';

const endOfHead = '\r\n\r\n';

const hints: Partial<Readonly<Record<ErrorKind, string>>> = {
  unauthorized: 'MPCTL_AUTHKEY has to be the one that this run has given to the instance',
  too_large: 'put what is large into a file and the name of the file into the item, or start the run with a larger MPCTL_MAX_FRAME',
  unknown_method: 'the run was started by another version of mpctl',
};

/** How long a run is given that should answer at once. */
export interface Patience {
  /** It may say nothing for so long, in ms. */
  readonly silenceMs: number;
  /** Its mpctl. */
  readonly pid: number;
}

/**
 * Asks the run of the environment: one request over HTTP, written by hand, since loading `node:http` takes longer than the answer.
 *
 * @param patience for what is answered at once; null for what may have to wait
 */
export function askDoor(environment: Readonly<Record<string, string | undefined>>, patience: Patience | null = null): Ask {
  return async (method, params) => {
    const asked = requestOf(environment, 'Connection: close', method, params);
    return asked.ok ? exchange(asked.value.socketPath, asked.value.text, patience) : asked;
  };
}

/** A request, and where it goes to; what is missing in the environment, where something is. */
export function requestOf(
  environment: Readonly<Record<string, string | undefined>>,
  header: string,
  method: string,
  params: Parameters<Ask>[1],
): Result<{ readonly socketPath: string; readonly text: string }, Refusal> {
  const socketPath = environment['MPCTL_SOCKET'] ?? '';
  const key = environment['MPCTL_AUTHKEY'] ?? '';
  if (socketPath === '' || key === '') return err(notInRun(socketPath === '' ? 'MPCTL_SOCKET' : 'MPCTL_AUTHKEY'));
  const body = JSON.stringify(params);
  const head = [
    `POST /v1/${method.replace('.', '/')} HTTP/1.1`,
    'Host: mpctl',
    header,
    `Authorization: Bearer ${key}`,
    // Whoever looks for deadlocks is told that all of this process waits for the answer.
    `Mpctl-Pid: ${String(process.pid)}`,
    'Content-Type: application/json',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
  ];
  return ok({ socketPath, text: head.join('\r\n') + endOfHead + body });
}

async function exchange(socketPath: string, request: string, patience: Patience | null): Promise<Result<Json, Refusal>> {
  return new Promise((resolve) => {
    let text = '';
    let failure: NodeJS.ErrnoException | null = null;
    const socket = createConnection(socketPath);
    socket.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    socket.on('error', (error) => {
      failure = error;
    });
    if (patience !== null) {
      socket.setTimeout(patience.silenceMs, () => {
        resolve(err(silent(patience)));
        socket.destroy();
      });
    }
    socket.on('close', () => {
      resolve(text === '' ? err(noAnswer(failure, socketPath)) : readAnswer(text));
    });
    socket.write(request);
  });
}

/** Whether an answer is all there, though its connection is still open. */
export function isWhole(text: string): boolean {
  const end = text.indexOf(endOfHead);
  const length = /^Content-Length: (?<bytes>\d+)\r$/imu.exec(text.slice(0, end + endOfHead.length))?.groups?.['bytes'];
  return end >= 0 && length !== undefined && Buffer.byteLength(text.slice(end + endOfHead.length)) >= Number(length);
}

/** Reads a whole answer. */
export function readAnswer(text: string): Result<Json, Refusal> {
  const body = parseJson(text.slice(text.indexOf(endOfHead) + endOfHead.length), Number.POSITIVE_INFINITY);
  const answer = body.ok ? body.value : undefined;
  const result = fieldOf(answer, 'result');
  if (result !== undefined) return ok(result);
  const kind = fieldOf(fieldOf(answer, 'error'), 'kind');
  const why = fieldOf(fieldOf(answer, 'error'), 'message');
  if (isErrorKind(kind) && typeof why === 'string') {
    return err({ kind, message: why, hint: hints[kind] ?? null, exitCode: errorForms[kind].exitCode });
  }
  const message = 'what the run has answered could not be read';
  return err({ kind: null, message, hint: hints.unknown_method ?? null, exitCode: verbExitCodes.broken });
}

/** What a verb says that finds itself outside of a run. */
export function notInRun(variable: string): Refusal {
  return {
    kind: null,
    message: `not inside a run: ${variable} is not set`,
    hint: 'the processes that `mpctl run` starts have it',
    exitCode: verbExitCodes.notInRun,
  };
}

/** It lives, or its door would be closed. */
function silent({ silenceMs, pid }: Patience): Refusal {
  return {
    kind: null,
    message: `the run does not answer: nothing has come for ${String(silenceMs / 1000)} s`,
    hint: `its mpctl (pid ${String(pid)}) has too much to do, or was stopped: then \`kill -CONT ${String(pid)}\` wakes it`,
    exitCode: verbExitCodes.broken,
  };
}

/** Why a connection has ended without an answer. */
export function noAnswer(failure: NodeJS.ErrnoException | null, socketPath: string): Refusal {
  if (failure === null) {
    return { kind: 'ended', message: 'the run has ended before it answered', hint: null, exitCode: errorForms.ended.exitCode };
  }
  const isGone = failure.code === 'ENOENT' || failure.code === 'ECONNREFUSED';
  return {
    kind: null,
    message: isGone ? `the run has ended, or its socket was removed: nobody is there at ${socketPath}` : `the run cannot be reached: ${failure.message}`,
    hint: null,
    exitCode: isGone ? verbExitCodes.notInRun : verbExitCodes.broken,
  };
}
