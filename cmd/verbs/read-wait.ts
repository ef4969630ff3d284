import type { Json } from '../../src/base/json.ts';
import { isList } from '../../src/base/json-type.ts';
import { fieldOf } from '../../src/client/field-of.ts';
import type { WaitReason } from '../../src/engine/run-event.ts';

const kinds = ['dependency', 'event', 'barrier', 'hold', 'condition', 'queue', 'pipe', 'join', 'result', 'submit', 'sleep', 'backoff'] as const satisfies readonly WaitReason['kind'][];

/** Reads a wait as the run tells it; null for one that this version does not know. */
export function readWait(wait: Json): (WaitReason & { readonly behind: readonly string[] }) | null {
  const kind = kinds.find((known) => known === fieldOf(wait, 'kind'));
  const [name, detail] = [fieldOf(wait, 'name'), fieldOf(wait, 'detail')];
  if (kind === undefined || typeof name !== 'string') return null;
  return { kind, name, detail: typeof detail === 'string' ? detail : null, by: namesIn(wait, 'by'), behind: namesIn(wait, 'behind') };
}

function namesIn(wait: Json, key: string): readonly string[] {
  const list = fieldOf(wait, key);
  return isList(list) ? list.filter((one) => typeof one === 'string') : [];
}
