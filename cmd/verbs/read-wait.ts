import type { Json } from '../../src/base/json.ts';
import { isList } from '../../src/base/json-type.ts';
import { fieldOf } from '../../src/client/field-of.ts';
import type { WaitReason } from '../../src/engine/run-event.ts';

const kinds = ['dependency', 'event', 'barrier', 'hold', 'condition', 'queue', 'pipe', 'join', 'result', 'submit', 'sleep', 'backoff'] as const satisfies readonly WaitReason['kind'][];

/** Reads a wait as the run tells it; null for one that this version does not know. */
export function readWait(wait: Json): WaitReason | null {
  const kind = kinds.find((known) => known === fieldOf(wait, 'kind'));
  const [name, detail, by] = [fieldOf(wait, 'name'), fieldOf(wait, 'detail'), fieldOf(wait, 'by')];
  if (kind === undefined || typeof name !== 'string') return null;
  const names = isList(by) ? by.filter((one) => typeof one === 'string') : [];
  return { kind, name, detail: typeof detail === 'string' ? detail : null, by: names };
}
