import { expect, it } from 'vitest';
import { Broken, BrokenBarrier, refusalOf } from '../../../src/client/errors.ts';
import { MpctlError } from '../../../src/client/mpctl-error.ts';
import { errorForms, isErrorKind } from '../../../src/protocol/error-kind.ts';

const kinds = Object.keys(errorForms).filter(isErrorKind);

it.each(kinds)('throws %s as an MpctlError of that kind, under the name of its class', (kind) => {
  const error = refusalOf('queue.get', kind, 'why');
  expect(error).toBeInstanceOf(MpctlError);
  expect(error).toMatchObject({ kind, message: 'why', name: error.constructor.name });
});

it('tells a broken barrier from a queue that nobody reads', () => {
  expect(refusalOf('barrier.wait', 'broken', 'why')).toBeInstanceOf(BrokenBarrier);
  expect(refusalOf('queue.put', 'broken', 'why')).not.toBeInstanceOf(BrokenBarrier);
  expect(refusalOf('barrier.wait', 'broken', 'why')).toBeInstanceOf(Broken);
});
