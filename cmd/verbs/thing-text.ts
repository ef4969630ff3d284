import { asText } from '../../src/base/as-text.ts';
import type { Json } from '../../src/base/json.ts';
import { isRecord } from '../../src/base/json-type.ts';
import { fieldOf } from '../../src/client/field-of.ts';
import { textTable } from './text-table.ts';
import { cell, listOf } from './unit-text.ts';

/** Locks and semaphores: who holds them, and how many wait. */
export function lockTable(things: readonly Json[]): string {
  const rows = things.map((thing) => [
    cell(thing, 'name'),
    cell(thing, 'kind'),
    freeOf(thing),
    listOf(thing, 'holders').map((holding) => `${cell(holding, 'process')}${timesOf(holding)}`).join(', ') || '-',
    String(listOf(thing, 'waiters').length),
  ]);
  return textTable(['NAME', 'KIND', 'FREE', 'HELD BY', 'WAITING'], rows);
}

/** Queues: how full they are, and who waits for what at them. */
export function queueTable(things: readonly Json[]): string {
  const rows = things.map((thing) => [
    ...['name', 'size', 'capacity', 'in_hand'].map((key) => cell(thing, key)),
    ...['get', 'put', 'join'].map((wanted) => String(listOf(thing, 'waiters').filter((waiter) => fieldOf(waiter, 'for') === wanted).length)),
    queueState(thing),
  ]);
  return textTable(['NAME', 'ITEMS', 'CAPACITY', 'IN HAND', 'GETTING', 'PUTTING', 'JOINING', 'STATE'], rows);
}

function queueState(queue: Json): string {
  if (fieldOf(queue, 'broken') === true) return 'broken';
  return fieldOf(queue, 'ended') === true ? 'closed' : 'open';
}

/** How one thing stands, who waits there in order of arrival, and who could still wake them; lines. */
export function thingText(thing: Json): string {
  const waiters = listOf(thing, 'waiters');
  const could = fieldOf(thing, 'could');
  const verbs = isRecord(could) ? Object.keys(could) : [];
  const wanted = new Set(waiters.map((waiter) => wakingVerb(cell(waiter, 'for'), verbs)));
  return [
    `${cell(thing, 'kind')} \`${cell(thing, 'name')}\` ${stateText(thing)}`,
    waiters.length === 0 ? 'nobody waits for it' : 'waiting, in order of arrival:',
    ...waiters.map((waiter, place) => `  ${place + 1}. ${cell(waiter, 'process')} (${cell(waiter, 'for')})`),
    ...verbs.flatMap((verb) => (wanted.has(verb) ? [`can still ${verb === 'wait' ? 'arrive' : verb}: ${namesText(listOf(could, verb)) || 'nobody'}`] : [])),
  ].join('\n');
}

/** What somebody else has to do so that a waiter goes on. */
function wakingVerb(wanted: string, verbs: readonly string[]): string | undefined {
  const opposite = opposites[wanted];
  // Of what only one thing can be done to, it is that.
  return opposite !== undefined && verbs.includes(opposite) ? opposite : verbs[0];
}

const opposites: Readonly<Record<string, string>> = { get: 'put', put: 'get', join: 'get', send: 'recv', recv: 'send', poll: 'send' };

function stateText(thing: Json): string {
  switch (fieldOf(thing, 'kind')) {
    case 'lock':
      return `is ${holdersText(thing) === '' ? 'free' : `held by ${holdersText(thing)}`}`;
    case 'semaphore':
      return `has ${freeOf(thing)} permits free${holdersText(thing) === '' ? '' : `, held by ${holdersText(thing)}`}`;
    case 'event':
      return fieldOf(thing, 'is_set') === true ? 'is set' : 'is not set';
    case 'condition':
      return `belongs to lock \`${cell(thing, 'lock')}\``;
    case 'barrier': {
      const arrived = listOf(thing, 'arrived');
      if (fieldOf(thing, 'broken') === true) return 'is broken';
      return `has ${arrived.length} of ${cell(thing, 'parties')} parties${arrived.length === 0 ? '' : `: ${namesText(arrived)}`}`;
    }
    case 'queue':
      return queueText(thing);
    case 'pipe':
      return listOf(thing, 'ends')
        .map((end) => `has ${countText(fieldOf(end, 'inbound'), 'message')} for \`${cell(end, 'process')}\`${fieldOf(end, 'closed') === true ? ', which has closed its end' : ''}`)
        .join(', and ');
    default:
      return `is ${JSON.stringify(fieldOf(thing, 'value') ?? null)}`;
  }
}

function queueText(thing: Json): string {
  const capacity = fieldOf(thing, 'capacity');
  const hands = fieldOf(thing, 'in_hand_of');
  const inHand = isRecord(hands) ? Object.entries(hands).map(([process, count]) => `${asText(count)} in hand of \`${process}\``) : [];
  const ends = [
    ...(fieldOf(thing, 'ended') === true ? ['nobody can still put'] : []),
    ...(fieldOf(thing, 'broken') === true ? ['nobody can still get'] : []),
  ];
  const size = fieldOf(thing, 'size');
  const items = typeof capacity === 'number' ? `${asText(size ?? 0)} of ${countText(capacity, 'item')}` : countText(size, 'item');
  return [`has ${items}`, ...inHand, ...ends].join(', ');
}

function countText(count: Json | undefined, what: string): string {
  return `${asText(count ?? 0)} ${what}${count === 1 ? '' : 's'}`;
}

function freeOf(thing: Json): string {
  return `${cell(thing, 'free')} of ${asText(fieldOf(thing, 'permits') ?? 1)}`;
}

function holdersText(thing: Json): string {
  return listOf(thing, 'holders').map((holding) => `\`${cell(holding, 'process')}\`${timesOf(holding)}`).join(', ');
}

/** How many permits, or how deep in a reentrant lock, where it is more than one. */
function timesOf(holding: Json): string {
  const permits = fieldOf(holding, 'permits');
  return typeof permits === 'number' && permits > 1 ? ` (${permits})` : '';
}

function namesText(names: readonly Json[]): string {
  return names.map((name) => `\`${asText(name)}\``).join(', ');
}
