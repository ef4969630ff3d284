import fc from 'fast-check';
import { expect, it } from 'vitest';
import { messagesBetween } from '../../../src/runtime/door/message-ring.ts';

const step = fc.oneof(
  fc.record({ type: fc.constant('send' as const), text: fc.json({ maxDepth: 2 }) }),
  fc.record({ type: fc.constant('take' as const), count: fc.nat(5) }),
);

/** Whoever sends: a line of JSON behind the last, around the end of the ring to its beginning. */
function write(ring: Buffer, sent: number, line: Buffer): void {
  for (const [index, byte] of line.entries()) ring[(sent + index) % ring.length] = byte;
}

it('gives what was sent and not taken, in order, wherever the ring ends between', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 200 }), fc.array(step, { maxLength: 60 }), (size, steps) => {
      const ring = Buffer.alloc(size);
      let [sent, taken] = [0, 0];
      const underWay: string[] = [];
      for (const one of steps) {
        if (one.type === 'take') {
          for (const text of underWay.splice(0, one.count)) taken += Buffer.byteLength(text) + 1;
        } else {
          const line = Buffer.from(`${one.text}\n`);
          // Whoever finds no room sends by the run.
          if (sent + line.length - taken > size) continue;
          write(ring, sent, line);
          sent += line.length;
          underWay.push(one.text);
        }
        expect(messagesBetween(ring, BigInt(taken), BigInt(sent))).toEqual(JSON.parse(`[${underWay.join(',')}]`));
      }
    }),
  );
});

it('gives JSON, or nothing, for whatever stands there', () => {
  const word = fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }));
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), word, word, (bytes, taken, sent) => {
      const messages = messagesBetween(Buffer.from(bytes), taken, sent);
      expect(JSON.parse(JSON.stringify(messages))).toEqual(messages);
      const isPossible = sent > taken && sent - taken <= BigInt(bytes.length);
      expect(isPossible || messages.length === 0).toBe(true);
    }),
  );
});

it('leaves out what is nested too deeply to be written again, and nothing else', () => {
  const deep = `${'['.repeat(2000)}${']'.repeat(2000)}`;
  const ring = Buffer.from(`1\n${deep}\n{"a":\n2\n`);
  expect(messagesBetween(ring, 0n, BigInt(ring.length))).toEqual([1, 2]);
});
