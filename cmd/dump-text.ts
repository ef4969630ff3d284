import { isList } from '../src/base/json-type.ts';
import type { Json } from '../src/base/json.ts';
import { fieldOf } from '../src/client/field-of.ts';
import { formatDuration } from '../src/report/format-duration.ts';
import type { RunDump } from '../src/runtime/run-options.ts';
import { textTable } from './verbs/text-table.ts';
import { lockTable, queueTable, thingText } from './verbs/thing-text.ts';
import { cell, processTable } from './verbs/unit-text.ts';

const lockKinds = new Set(['lock', 'semaphore']);

/** How the run stood when SIGQUIT came, in the words of `mpctl ps` and `mpctl why`. */
export function dumpText({ run, state, things, timers }: RunDump): string {
  const uptime = formatDuration(Number(fieldOf(state, 'uptime_ms') ?? 0));
  const locks = things.filter((thing) => lockKinds.has(cell(thing, 'kind')));
  const queues = things.filter((thing) => cell(thing, 'kind') === 'queue');
  const others = things.filter((thing) => !locks.includes(thing) && !queues.includes(thing));
  const parts = [
    `mpctl: SIGQUIT after ${uptime}; this is how run ${run} stood (${cell(state, 'phase')}), and now all of it is killed`,
    processTable(state),
    ...(locks.length > 0 ? [lockTable(locks)] : []),
    ...(queues.length > 0 ? [queueTable(queues)] : []),
    ...[...locks, ...queues].filter(isWaitedFor).map(thingText),
    ...others.map(thingText),
    ...(timers.length > 0 ? [textTable(['IN', 'TIMER'], timers.map((timer) => [formatDuration(Number(fieldOf(timer, 'in_ms') ?? 0)), cell(timer, 'what')]))] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function isWaitedFor(thing: Json): boolean {
  const waiters = fieldOf(thing, 'waiters');
  return isList(waiters) && waiters.length > 0;
}
