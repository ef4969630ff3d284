import { expect, it } from 'vitest';
import { Broken, BrokenBarrier, refusalOf } from '../../../src/client/errors.ts';
import { MpctlError } from '../../../src/client/mpctl-error.ts';
import { errorForms, isErrorKind, type ErrorKind } from '../../../src/protocol/error-kind.ts';

const names: Readonly<Record<ErrorKind, string>> = {
  parse_error: 'InvalidCall',
  invalid_request: 'InvalidCall',
  unknown_method: 'InvalidCall',
  wrong_verb: 'InvalidCall',
  invalid_params: 'InvalidCall',
  too_large: 'TooLarge',
  unauthorized: 'AuthenticationError',
  not_found: 'NotFound',
  not_declared: 'NotDeclared',
  would_block: 'WouldBlock',
  full: 'Full',
  empty: 'Empty',
  timed_out: 'TimedOut',
  end_of_stream: 'Closed',
  broken: 'Broken',
  impossible: 'Impossible',
  not_owner: 'NotOwner',
  closed: 'AlreadyClosed',
  refused: 'Refused',
  cancelled: 'Cancelled',
  deadlock: 'Deadlock',
  ended: 'Ended',
};

it.each(Object.keys(errorForms).filter(isErrorKind))('throws %s as an MpctlError of that kind, under the name of its class', (kind) => {
  const error = refusalOf('queue.get', kind, 'why');
  expect(error).toBeInstanceOf(MpctlError);
  expect(error.constructor.name).toBe(names[kind]);
  expect(error).toMatchObject({ kind, message: 'why', name: names[kind] });
});

it('tells a broken barrier from a queue that nobody reads', () => {
  expect(refusalOf('barrier.wait', 'broken', 'why')).toBeInstanceOf(BrokenBarrier);
  expect(refusalOf('queue.put', 'broken', 'why')).not.toBeInstanceOf(BrokenBarrier);
  expect(refusalOf('barrier.wait', 'broken', 'why')).toBeInstanceOf(Broken);
});
