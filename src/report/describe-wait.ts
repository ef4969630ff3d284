import { unreachable } from '../base/invariant.ts';
import type { WaitReason } from '../engine/run-event.ts';

/** Names shown before the rest is only counted. */
const shownNames = 3;

/**
 * What an instance waits for and who could give it, to follow "waiting for": ``lock `db`, held by
 * `migrate` ``; `behind` are those who stand before it in line. `sleep` and `backoff` carry the time left in their name.
 */
export function describeWait(wait: WaitReason & { readonly behind?: readonly string[] }): string {
  const name = `\`${wait.name}\``;
  switch (wait.kind) {
    case 'dependency':
      return wait.detail === null ? name : `${name} (${wait.detail})`;
    case 'event':
      return `event ${name}${tail(', can be set by', wait.by)}`;
    case 'barrier':
      return `barrier ${name}${tail(', still to come', wait.by, ':')}`;
    case 'hold':
      return `${describeHold(wait.detail, name)}${tail(', held by', wait.by)}${tail(', behind', wait.behind ?? [])}`;
    case 'condition':
      return `condition ${name}${tail(', can be notified by', wait.by)}`;
    case 'queue':
      if (wait.detail === 'join') return `the items of queue ${name} to be done${tail(', taken by', wait.by)}`;
      return wait.detail === 'put'
        ? `room in queue ${name}${tail(', can be emptied by', wait.by)}`
        : `an item of queue ${name}${tail(', can be filled by', wait.by)}`;
    case 'pipe':
      return describePipe(wait.detail, name, wait.by);
    case 'join':
      return `the end of ${name}`;
    case 'result':
      return `the result of a task of ${name}`;
    case 'submit':
      return `a task for ${name}${tail(', can be submitted by', wait.by)}`;
    case 'sleep':
      return `${wait.name} to pass`;
    case 'backoff':
      return `its next attempt, ${wait.name}`;
    default:
      return unreachable(wait.kind);
  }
}

/** All reasons of one wait as one text; without any it is only said that it waits. */
export function describeWaits(waits: readonly WaitReason[]): string {
  if (waits.length === 0) return 'waiting';
  return `waiting for ${waits.map(describeWait).join('; ')}`;
}

/**
 * ``lock `db` `` where the event says which of the two it is, else only what is special about it.
 */
function describeHold(detail: string | null, name: string): string {
  if (detail === null) return name;
  if (detail === 'token') return "a token of make's jobserver";
  return detail === 'lock' || detail === 'semaphore' ? `${detail} ${name}` : `${name} (${detail})`;
}

function describePipe(detail: string | null, name: string, by: readonly string[]): string {
  if (detail === 'read') return `what comes through pipe ${name}${tail(', written by', by)}`;
  return detail === 'send' || detail === 'write' ? `room in pipe ${name}${tail(', read by', by)}` : `a message on pipe ${name}${tail(', sent by', by)}`;
}

function tail(words: string, names: readonly string[], colon = ''): string {
  return names.length === 0 ? '' : `${words}${colon} ${listNames(names)}`;
}

/** `` `a`, `b` and 3 more ``. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, shownNames).map((name) => `\`${name}\``);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
