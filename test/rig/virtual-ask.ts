import type { Json } from '../../src/base/json.ts';
import { isEngineCall, type EngineCall } from '../../src/engine/caller.ts';
import { parseCall } from '../../src/protocol/parse-call.ts';
import { play, type Played } from './virtual-play.ts';

/** One call: when, who (`instance holder`), the method and its parameters; `gone` and `cancel` are no methods but what a connection tells. */
export type Asked = readonly [atMs: number, who: string, method: string, params?: Readonly<Record<string, Json>>];

function callOf(method: string, params: Json | undefined): EngineCall {
  const call = parseCall(method, params);
  if (!call.ok) throw new Error(call.error.message);
  if (!isEngineCall(call.value)) throw new Error('the engine is not asked that');
  return call.value;
}

function callerOf(who: string): { readonly instance: string; readonly holder: string } {
  const [instance = '', holder = '1/1'] = who.split(' ');
  return { instance, holder };
}

/** Plays a spec whose programs ask; the calls are numbered from 1. */
export function ask(spec: string, ...asked: readonly Asked[]): Played {
  return play(spec, {
    calls: asked.map(([atMs, who, method, params], index) => {
      if (method === 'gone') return { atMs, event: { type: 'holder_gone', holder: callerOf(who) } };
      if (method === 'cancel') return { atMs, event: { type: 'cancel_call', id: Number(params?.['id']) } };
      return { atMs, event: { type: 'call', id: index + 1, caller: callerOf(who), call: callOf(method, params), progress: 0 } };
    }),
  });
}

/** The answers as `call at time: value or kind`, in order. */
export function answers({ answers: given }: Played): readonly string[] {
  return given.map(({ call, atMs, answer }) => `${call} at ${atMs}: ${answer.ok ? JSON.stringify(answer.value) : answer.error.kind}`);
}
