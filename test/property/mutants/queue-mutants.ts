import type { Mutant } from './mutant.ts';

/** Wrong queues that redeliver. */
export const queueMutants: readonly Mutant[] = [
  {
    fault: 'last in, first out instead of first in, first out',
    file: 'linear-items.ts',
    find: "    if (this.#order === 'lifo') {\n",
    replace: "    if (this.#order !== 'lifo') {\n",
  },
  {
    fault: 'an item is lost when its consumer dies',
    file: 'queue.ts',
    find: '      this.#items.giveBack(items);',
    replace: '',
  },
  {
    fault: 'items come back in reverse',
    file: 'linear-items.ts',
    find: '(items).toReversed()',
    replace: '(items)',
  },
  {
    fault: 'the capacity is ignored',
    file: 'queue.ts',
    find: '    if (this.#room > 0) {',
    replace: '    if (this.#room > -1e9) {',
  },
  {
    fault: 'lost wake-up: freed room goes to nobody',
    file: 'queue.ts',
    find: 'this.#handOut(request, detail));\n      this.serve();',
    replace: 'this.#handOut(request, detail));',
  },
  {
    fault: 'lost wake-up: a put does not reach a waiting get',
    file: 'queue.ts',
    find: '      this.#waits.answer(request, granted(detail.isSome ? put : null));\n      this.serve();',
    replace: '      this.#waits.answer(request, granted(detail.isSome ? put : null));',
  },
  {
    fault: 'the stream ends while an item may still come back',
    file: 'queue.ts',
    find: '!(this.#redelivers && this.#inHand.size > 0)',
    replace: 'true',
  },
  {
    fault: 'task_done finishes somebody else\'s item',
    file: 'items-in-hand.ts',
    find: '    if (items === undefined) return null;\n    for',
    replace: '    return this.#instanceOf.keys().next().value ?? null;\n    for',
  },
  {
    fault: 'an item that was not kept in hand is never done',
    file: 'queue.ts',
    find: '    else this.#unfinished -= 1;',
    replace: '',
  },
  {
    fault: 'a waiting put is not told that nobody can still get',
    file: 'queue.ts',
    find: "    settleAll(this.#puts, this.#waits, failed('broken'));",
    replace: '',
  },
  {
    fault: 'the item of a waiting put is lost',
    file: 'queue.ts',
    find: 'const count = this.#storeSome(put.detail);',
    replace: 'const count = put.detail.items.length;',
  },
];

/** Wrong queues that drop. */
export const droppingQueueMutants: readonly Mutant[] = [
  {
    fault: 'whoever joins waits for ever for a dropped item',
    file: 'queue.ts',
    find: '      this.#unfinished -= items.length;\n',
    replace: '',
  },
  {
    fault: 'the loss is not reported',
    file: 'queue.ts',
    find: "      this.#waits.report({ type: 'items_dropped', queue: this.name, instance, count: items.length });",
    replace: '',
  },
  {
    fault: 'what should be dropped comes back',
    file: 'queue.ts',
    find: "definition.onConsumerDeath === 'redeliver'",
    replace: 'true',
  },
];

/** Wrong priority queues. */
export const priorityQueueMutants: readonly Mutant[] = [
  {
    fault: 'highest priority first',
    file: 'priority-items.ts',
    find: 'a.priority - b.priority',
    replace: 'b.priority - a.priority',
  },
  {
    fault: 'among equal priorities the last first',
    file: 'priority-items.ts',
    find: 'a.itemId - b.itemId',
    replace: 'b.itemId - a.itemId',
  },
  {
    fault: 'the heap lets a value sink only one step',
    file: 'binary-heap.ts',
    find: 'position = 2 * position + (rightIsFirst ? 2 : 1);',
    replace: 'position = 2 * position + (rightIsFirst ? 2 : 1); break;',
  },
];

/** Wrong reservations, of a bounded queue that also lends. */
export const boundedQueueMutants: readonly Mutant[] = [
  {
    fault: 'what is lent leaves room',
    file: 'queue.ts',
    find: ' - this.#ahead.size - this.#reserved.size',
    replace: ' - this.#reserved.size',
  },
  {
    fault: 'what is reserved leaves room',
    file: 'queue.ts',
    find: ' - this.#ahead.size - this.#reserved.size',
    replace: ' - this.#ahead.size',
  },
  {
    fault: 'lost wake-up: reserved room that is let go is filled by nobody',
    file: 'queue.ts',
    find: '    this.#waits.answer(request, granted(put.length));\n    this.serve();',
    replace: '    this.#waits.answer(request, granted(put.length));',
  },
  {
    fault: 'lost wake-up: the room of a producer that has ended is filled by nobody',
    file: 'queue.ts',
    find: 'if (items.length === 0 && freed === 0) return;',
    replace: 'if (items.length === 0) return;',
  },
  {
    fault: 'all of the room is lent',
    file: 'queue.ts',
    find: 'share, Math.floor(this.#capacity / 2) - this.#ahead.size)',
    replace: 'share)',
  },
  {
    fault: 'more is put than was reserved',
    file: 'queue.ts',
    find: 'items.slice(0, this.#reserved.free(request.owner, items.length))',
    replace: 'items.slice(0, Math.max(items.length, this.#reserved.free(request.owner, items.length)))',
  },
  {
    fault: 'the room of a producer that has ended is kept for ever',
    file: 'reserved-room.ts',
    find: '      this.#size -= count;\n      this.#producers.delete(key);',
    replace: '      this.#producers.delete(key);',
  },
  {
    fault: 'the first gets all of the room',
    file: 'reserved-room.ts',
    find: 'Math.ceil(free / this.#producers.size)',
    replace: 'free',
  },
];

/** Wrong loans, of an unbounded queue in order of arrival. */
export const loanMutants: readonly Mutant[] = [
  {
    fault: 'what was lent is lost when its reader ends',
    file: 'queue.ts',
    find: '    this.holderEnded(instance, null);\n',
    replace: '',
  },
  {
    fault: 'lost wake-up: nobody asks for a loan that others wait for',
    file: 'queue.ts',
    find: '      this.#waitFor(this.#gets, request, nowMs, detail);\n      this.#recall();\n',
    replace: '      this.#waitFor(this.#gets, request, nowMs, detail);\n',
  },
  {
    fault: 'lost wake-up: one takes several, and nobody asks for what the others would have had',
    file: 'queue.ts',
    find: '    if (this.#gets.size > 0 || this.#joins.size > 0) this.#recall();\n',
    replace: '',
  },
  {
    fault: 'what comes back goes before what was put earlier and came back earlier',
    file: 'linear-items.ts',
    find: "if (this.#order === 'lifo') return items;",
    replace: 'return items;',
  },
  {
    fault: 'starved: whoever does not wait asks for no loan',
    file: 'queue.ts',
    find: '      this.#waitFor(this.#gets, request, nowMs, detail);\n      this.#recall();\n',
    replace: '      this.#waitFor(this.#gets, request, nowMs, detail);\n      if (this.#gets.size > 0) this.#recall();\n',
  },
  {
    fault: 'what was taken of a loan is never done',
    file: 'queue.ts',
    find: '    this.#unfinished -= count;\n',
    replace: '',
  },
  {
    fault: 'more is taken than was lent',
    file: 'items-ahead.ts',
    find: 'if (count > reader.items.length) return null;\n    // What',
    replace: '// What',
  },
  {
    fault: 'the first of a loan come back in place of the last',
    file: 'items-ahead.ts',
    find: 'const items = reader.items.slice(left);',
    replace: 'const items = reader.items.slice(0, count);',
  },
  {
    fault: 'the stream ends while something is on loan',
    file: 'queue.ts',
    find: ' && this.#ahead.size === 0',
    replace: '',
  },
  {
    fault: 'one reader is lent what others wait for',
    file: 'queue.ts',
    find: 'Math.max(0, this.#items.size - others)',
    replace: 'this.#items.size',
  },
];
