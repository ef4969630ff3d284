import { createConnection, type Socket } from 'node:net';
import { parseJson } from '../base/parse-json.ts';
import { isErrorKind } from '../protocol/error-kind.ts';
import { defaultMaxFrameBytes, loopHeader, maxFrameHeader, streamPath } from '../protocol/message.ts';
import { textOf } from './answer.ts';
import { Connection } from './connection.ts';
import { Disconnected, refusalOf, UnexpectedAnswer } from './errors.ts';
import { fieldOf } from './field-of.ts';
import type { MpctlError } from './mpctl-error.ts';

/** Where the door of a run is, and the key to it. */
export interface Door {
  /** Path of the Unix socket. */
  readonly socket: string;
  readonly authkey: string;
}

const endOfHead = '\r\n\r\n';

/**
 * Connects to a run and upgrades the connection to a stream.
 *
 * @throws Disconnected where nobody listens, AuthenticationError where the key is refused.
 */
export async function openStream({ socket: path, authkey }: Door): Promise<Connection> {
  const socket = createConnection(path).setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (error: MpctlError): void => {
      socket.destroy();
      reject(error);
    };
    const onError = ({ message }: Error): void => {
      fail(new Disconnected('disconnected', `no run can be reached at ${path}: ${message}`));
    };
    const onClose = (): void => fail(refusalIn(text) ?? new Disconnected('disconnected', 'the run has closed the connection'));
    const onData = (more: string): void => {
      text += more;
      const end = text.indexOf(endOfHead);
      if (end === -1) return;
      if (!text.startsWith('HTTP/1.1 101 ')) {
        // The rest of a refusal may still be on its way: it ends with the connection.
        const refusal = refusalIn(text);
        if (refusal !== null) fail(refusal);
        return;
      }
      socket.off('data', onData).off('error', onError).off('close', onClose);
      resolve(new Connection(socket, text.slice(end + endOfHead.length), maxFrameIn(text.slice(0, end))));
    };
    socket.on('data', onData).on('error', onError).on('close', onClose);
    greet(socket, authkey);
  });
}

function greet(socket: Socket, authkey: string): void {
  const head = [
    `GET ${streamPath} HTTP/1.1`,
    'Host: mpctl',
    'Connection: Upgrade',
    'Upgrade: mpctl',
    `Authorization: Bearer ${authkey}`,
    `Mpctl-Pid: ${String(process.pid)}`,
    `${loopHeader}: 1`,
  ];
  socket.write(head.join('\r\n') + endOfHead);
}

/** How large a frame may be, as the head of the answer says. */
function maxFrameIn(head: string): number {
  const line = head.split('\r\n').find((one) => one.toLowerCase().startsWith(`${maxFrameHeader.toLowerCase()}:`));
  return line === undefined ? defaultMaxFrameBytes : Number(line.slice(maxFrameHeader.length + 1));
}

/** The refusal that an answer over HTTP carries; null where it is not whole yet. */
function refusalIn(text: string): MpctlError | null {
  const end = text.indexOf(endOfHead);
  if (end === -1) return null;
  const body = parseJson(text.slice(end + endOfHead.length), Number.POSITIVE_INFINITY);
  if (!body.ok) return null;
  const error = fieldOf(body.value, 'error');
  const kind = fieldOf(error, 'kind');
  if (isErrorKind(kind)) return refusalOf('stream', kind, textOf(fieldOf(error, 'message')));
  return new UnexpectedAnswer('unexpected_answer', `the run has answered ${JSON.stringify(body.value)}`);
}
