import type { Json } from '../../base/json.ts';
import { parseJson, type JsonFault } from '../../base/parse-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { SeenWaiter } from '../../engine/seen-program.ts';
import type { Call } from '../../protocol/call.ts';
import type { CallError } from '../../protocol/error-kind.ts';
import { httpError, streamPath, type HttpAnswer } from '../../protocol/message.ts';
import { isMethod, parseCall } from '../../protocol/parse-call.ts';
import type { CallDesk } from './call-desk.ts';
import type { ConnectionHolder } from './connection-holder.ts';
import { describeFault } from './json-fault.ts';
import type { KeyedAttempt } from './keys.ts';

const nothing = (): void => {};
const pathPattern = /^\/v1\/(?<thing>[a-z]+)\/(?<verb>[a-z_]+)$/u;

/** How a connection becomes a stream, for whoever asks for it in another way. */
export const streamForm = `a stream is \`GET ${streamPath}\` with \`Upgrade: mpctl\` and the process id in \`Mpctl-Pid\``;

/** A call over HTTP, whoever has read it. */
export interface HttpCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Of the process that waits for the answer and does nothing else; null where it has not said so. */
  readonly pid: number | null;
  /** The connection, where that is to hold what is acquired; null where the instance is to. */
  readonly holder: ConnectionHolder | null;
}

/** What a call over HTTP speaks for. */
export interface HttpCaller {
  /** Whose key it has shown. */
  readonly attempt: KeyedAttempt;
  /** Largest body that is taken from it. */
  readonly maxFrameBytes: number;
  /** Hears of a call that all of a process waits for, and gives what is to be called when it waits no more. */
  readonly noteWaiter: (waiter: SeenWaiter) => () => void;
}

/** Answers one call, at once or later; what it returns is to be called when nobody wants the answer any more. */
export function answerCall(call: HttpCall, { attempt, noteWaiter }: HttpCaller, desk: CallDesk, reply: (answer: HttpAnswer) => void): () => void {
  const parsed = parseHttpCall(call);
  if (!parsed.ok) {
    reply(httpError(parsed.error));
    return nothing;
  }
  const { holder, pid } = call;
  const caller = { instance: attempt.instance, holder: null, connection: holder?.name ?? null, attempt };
  holder?.asks(attempt, () => desk.letGo(caller));
  let isAnswered = false;
  let noteEnds: readonly (() => void)[] = [];
  const number = desk.ask(caller, parsed.value, (answer) => {
    isAnswered = true;
    for (const noteEnd of noteEnds) noteEnd();
    reply(answer.ok ? { status: 200, headers: {}, body: `{"result":${JSON.stringify(answer.value)}}\n` } : httpError(answer.error));
  });
  if (isAnswered) return nothing;
  const giveUp = (): void => {
    if (isAnswered) return;
    for (const noteEnd of noteEnds) noteEnd();
    desk.cancel(number);
  };
  noteEnds = [
    ...(pid === null ? [] : [noteWaiter({ call: number, pid, thread: '', threads: null })]),
    ...(holder === null ? [] : [holder.waits(giveUp)]),
  ];
  return giveUp;
}

/** The process id in the header of a request; null where there is none. */
export function readPid(header: string | string[] | undefined): number | null {
  const pid = /^\d{1,10}$/u.exec(String(header ?? ''))?.[0];
  return pid === undefined ? null : Number(pid);
}

function parseHttpCall({ method, path, body }: HttpCall): Result<Call, CallError> {
  if (path === streamPath) return err({ kind: 'invalid_request', message: streamForm });
  const { thing, verb } = pathPattern.exec(path)?.groups ?? {};
  if (thing === undefined || verb === undefined || method !== 'POST') {
    const kind = isMethod(`${thing}.${verb}`) ? 'wrong_verb' : 'unknown_method';
    return err({ kind, message: `a call is \`POST /v1/THING/VERB\`, not \`${method} ${path}\`` });
  }
  const parsed = parse(body);
  return parsed.ok ? parseCall(`${thing}.${verb}`, parsed.value) : err({ kind: 'parse_error', message: describeFault(parsed.error, 'the body') });
}

/** Parameters may be left out. */
function parse(body: string): Result<Json, JsonFault> {
  return body.trim() === '' ? ok({}) : parseJson(body);
}
