import type { FillPlace } from './fill-place.ts';
import type { Deed } from './hidden-deeds.ts';
import type { NamedThing } from './name-table.ts';
import type { Takes } from './resolve-name.ts';
import { resolveReference } from './resolve-reference.ts';

/** What the step of each verb does to what it names, as far as others wait for it. */
const deedOf = {
  set: 'set',
  clear: null,
  wait: 'wait',
  notify: 'notify',
  abort: null,
  reset: null,
  add: null,
  store: null,
  load: null,
  put: 'put',
  get: 'get',
  each: 'get',
  recv: null,
  task_done: null,
  send: null,
  close: null,
  submit: 'submit',
  join: null,
  start: 'start',
  terminate: 'stop',
  kill: 'stop',
} as const satisfies Record<string, Deed | null>;

/** What a step names under its verb, or null after a finding. */
export function resolveUnder(
  at: FillPlace,
  verb: keyof typeof deedOf,
  written: string,
  takes: Takes,
): NamedThing | null {
  return resolveReference(at.below(verb), written, { takes, where: `\`${verb}\`` }, deedOf[verb]);
}
