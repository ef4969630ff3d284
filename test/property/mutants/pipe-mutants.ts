import type { Mutant } from './mutant.ts';

/** Wrong pipes. */
export const pipeMutants: readonly Mutant[] = [
  {
    fault: 'messages overtake each other',
    file: 'pipe.ts',
    find: '      messages.append(detail.item);',
    replace: '      messages.prepend(detail.item);',
  },
  {
    fault: 'what is under way is lost when the sender closes',
    file: 'pipe.ts',
    find: '    while (end.inbound.messages.shift() !== undefined);',
    replace: '    while (peer.inbound.messages.shift() !== undefined);',
  },
  {
    fault: 'the capacity is ignored',
    file: 'pipe.ts',
    find: '    if (messages.size < this.#capacity) {',
    replace: '    if (messages.size < 1e9) {',
  },
  {
    fault: 'lost wake-up: freed room goes to nobody',
    file: 'pipe.ts',
    find: '      this.#waits.answer(request, granted(item));\n      this.serve();',
    replace: '      this.#waits.answer(request, granted(item));',
  },
  {
    fault: 'a waiting receive does not hear that its peer has closed',
    file: 'pipe.ts',
    find: "    this.#failAll(peer.inbound.receives, 'end_of_stream');",
    replace: '',
  },
  {
    fault: 'a waiting poll does not hear of a message',
    file: 'pipe.ts',
    find: '    if (messages.size > 0) this.#grantPolls(polls);',
    replace: '',
  },
  {
    fault: 'a waiting poll does not hear that its peer has closed',
    file: 'pipe.ts',
    find: '    this.#grantPolls(peer.inbound.polls);',
    replace: '',
  },
  {
    fault: 'a poll hears of a message that a waiting receive takes',
    file: 'pipe.ts',
    find: '      messages.append(detail.item);',
    replace: '      messages.append(detail.item);\n      this.#grantPolls(peer.inbound.polls);',
  },
  {
    fault: 'a poll takes the message',
    file: 'pipe.ts',
    find: '    if (messages.size > 0 || this.#peerOf(end).closed) this.#waits.answer(request, granted());',
    replace: '    if (messages.shift() !== undefined || this.#peerOf(end).closed) this.#waits.answer(request, granted());',
  },
  {
    fault: 'a send to a closed peer succeeds',
    file: 'pipe.ts',
    find: 'if (peer.closed) {',
    replace: 'if (false) {',
  },
  {
    fault: 'the end of an instance leaves its end open',
    file: 'pipe.ts',
    find: '    if (end !== null) this.#close(end);',
    replace: '',
  },
];
