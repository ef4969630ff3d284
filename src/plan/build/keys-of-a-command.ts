import type { PoolSpec } from '../../spec/schema/pool.ts';
import type { ProcessSpec } from '../../spec/schema/process.ts';
import type { FillPlace } from './fill-place.ts';

/** Reports the keys that only a `command` has, where `steps` would leave them without effect. */
export function checkKeysOfCommand(at: FillPlace, spec: ProcessSpec | PoolSpec, hasTerminal: boolean): void {
  if (spec.steps === undefined || at.context.gaps.isIn([...at.place, 'command'])) return;
  if (spec.args !== undefined) {
    report(at, ['args'], '`args` stands beside `steps`, which take none', 'give them to the `run` step whose command they are for');
  }
  if (hasTerminal) {
    report(at, ['tty'], '`tty: true` stands beside `steps`, whose commands get no terminal', 'make it a process with that one `command`, or remove `tty`');
  }
  if (spec.stop?.command !== undefined) {
    report(
      at,
      ['stop', 'command'],
      '`stop.command` stands beside `steps`, of which the running command only gets the signal',
      'let a process in `finally` do it, or remove it',
    );
  }
}

function report(at: FillPlace, keys: readonly string[], message: string, hint: string): void {
  const { context, place } = at;
  const steps = context.loaded.locate([...place, 'steps'], 'key');
  context.report('MP138', { place: [...place, ...keys], part: 'key' }, message, {
    hint,
    related: [{ message: '`steps` stands here', range: steps }],
  });
}
