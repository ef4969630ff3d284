import { describe, expect, it } from 'vitest';
import { answers, ask } from '../../rig/virtual-ask.ts';

const spec = `
locks: { l: }
semaphores: { s: 2 }
events: { e: }
processes:
  a: { command: sleep 1000 }
  b: { command: sleep 1000, uses: { e: set } }
`;

describe('what is no such thing', () => {
  it.each([
    ['semaphore.acquire', 'l', '`l` is a lock, and no semaphore: use it as a lock'],
    ['semaphore.release', 'l', '`l` is a lock, and no semaphore: use it as a lock'],
    ['lock.acquire', 's', '`s` is a semaphore, and no lock: use it as a semaphore'],
    ['lock.release', 's', '`s` is a semaphore, and no lock: use it as a semaphore'],
    ['lock.acquire', 'e', '`e` is an event, and no lock'],
    ['semaphore.acquire', 'nobody', 'the spec has no semaphore `nobody`'],
  ])('is refused, and told as what it can be used: %s of %s', (method, name, message) => {
    const [first] = ask(spec, [10, 'a', method, { holds: name }]).answers;
    expect(first?.answer).toEqual({ ok: false, error: { kind: 'not_found', message } });
  });

  it.each(['lock.acquire', 'semaphore.acquire'])('is not what is taken together with another kind: %s', (method) => {
    expect(answers(ask(spec, [10, 'a', method, { holds: ['l', 's'] }]))).toEqual([expect.stringContaining('"tokens":{"l":1,"s":1}')]);
  });
});
