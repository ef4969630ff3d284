import { describe, expect, it } from 'vitest';
import type { Actor, Model, Resource, Script, Statement } from '../../../src/verify/model.ts';
import { ModelSystem } from '../../../src/verify/model-system.ts';
import { ReducedSystem } from '../../../src/verify/reduced-system.ts';
import { acquires, does, firstOf, releases } from '../../../src/verify/script-words.ts';
import { actor, one } from '../../rig/benchmark-models.ts';
import { exploreAll, exploreEnough, stepsToStuck } from '../../rig/explore-all.ts';

const seats: Resource = { kind: 'permits', name: 'seats', permits: 1, isLock: false, reentrant: false, fair: false, loose: 'bounded' };
const never: Resource = { kind: 'event', name: 'never', isSet: false };

const waitsForGood: Statement = does({ do: 'await', facts: [{ type: 'event', event: 'never' }] });

/** Takes a seat off whoever has one, and is stuck then; else it is refused, and ends. */
const takesOff: Statement = { type: 'attempt', drops: 'nothing', body: [releases([one('seats')]), waitsForGood], onFailure: [] };

/** Steps to the nearest stuck state, where all actors are followed, and where only some are. */
function lengths(model: Model): { readonly all: number | null; readonly some: number | null } {
  const system = new ModelSystem(model);
  return { all: stepsToStuck(exploreAll(system)), some: stepsToStuck(exploreEnough(new ReducedSystem(system, []))) };
}

function modelOf(actors: readonly Actor[], more: readonly Resource[]): Model {
  return { resources: [seats, never, ...more], actors };
}

describe('one who drops a permit at his end', () => {
  it('is there sooner where others have taken it off him, so that both orders are followed', () => {
    const holds: Script = [acquires([one('seats')]), does({ do: 'reach', moment: 'ready', sets: [] })];
    expect(lengths(modelOf([actor('ann', holds), actor('bob', [takesOff])], []))).toEqual({ all: 3, some: 3 });
  });

  it('is so too where others let him go on', () => {
    const meets = firstOf([
      { operation: { do: 'arrive', barrier: 'meeting' }, next: [] },
      { operation: { do: 'find_broken_barrier', barrier: 'meeting' }, next: [] },
    ]);
    const meeting: Resource = { kind: 'barrier', name: 'meeting', parties: 2 };
    expect(lengths(modelOf([actor('ann', [acquires([one('seats')]), meets]), actor('cid', [meets]), actor('bob', [takesOff])], [meeting]))).toEqual({ all: 4, some: 4 });
  });
});
