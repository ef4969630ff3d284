import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Answer } from '../../../src/engine/caller.ts';
import type { Call } from '../../../src/protocol/call.ts';
import { ClientFiles } from '../../../src/runtime/door/client-files.ts';
import type { Operation } from '../../../src/sync/operation.ts';
import { HandoffClient } from './handoff-client.ts';
import { HandoffWorld } from './handoff-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'mpctl-handoff-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clients = 4;
const stranger = { instance: 'stranger', holder: 'stranger' };

type Step = { readonly type: 'step' | 'impatience' | 'interrupt' | 'death'; readonly client: number } | { readonly type: 'tell' | 'look' | 'try' };

/** Who acts next, or what comes in between: rarely, so that the lock is handed on for a while. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 400, arbitrary: fc.nat(clients - 1).map((client) => ({ type: 'step', client }) as const) },
  { weight: 60, arbitrary: fc.constant({ type: 'tell' } as const) },
  { weight: 3, arbitrary: fc.nat(clients - 1).map((client) => ({ type: 'impatience', client }) as const) },
  { weight: 3, arbitrary: fc.nat(clients - 1).map((client) => ({ type: 'interrupt', client }) as const) },
  { weight: 1, arbitrary: fc.constant({ type: 'look' } as const) },
  { weight: 1, arbitrary: fc.constant({ type: 'try' } as const) },
  { weight: 1, arbitrary: fc.nat(clients - 1).map((client) => ({ type: 'death', client }) as const) },
);

/** A lock and its clients, one of which is followed by another wherever it dies. */
class Play {
  readonly world: HandoffWorld;
  readonly clients: HandoffClient[];
  readonly gone: HandoffClient[] = [];
  #names = 0;

  constructor(files: ClientFiles) {
    this.world = new HandoffWorld(files);
    this.clients = Array.from({ length: clients }, () => this.#admit());
  }

  get rounds(): number {
    return [...this.clients, ...this.gone].reduce((sum, { rounds }) => sum + rounds, 0);
  }

  act(client: HandoffClient): void {
    this.world.moment += 1;
    client.steps.next();
  }

  do(what: Step): void {
    if (!('client' in what)) {
      if (what.type === 'tell') this.world.tell();
      else if (what.type === 'look') this.world.broker.look('l');
      else this.#try();
      return;
    }
    const client = this.clients[what.client];
    if (client === undefined) return;
    if (what.type === 'step') this.act(client);
    else if (what.type === 'impatience') client.isImpatient = true;
    else if (what.type === 'interrupt') client.isInterrupted = true;
    else this.#die(what.client, client);
  }

  #die(at: number, client: HandoffClient): void {
    client.close();
    this.gone.push(client);
    this.clients[at] = this.#admit();
  }

  /** Somebody takes the lock who has nothing to do with the hand-off, where it is free. */
  #try(): void {
    const { world } = this;
    const demands = [{ name: 'l', permits: 1 }];
    const outcome = world.broker.attempt({ id: 0, owner: stranger, operation: { verb: 'acquire', demands }, deadlineMs: 0 }, 0);
    if (outcome?.status !== 'granted') return;
    world.enters('stranger', outcome.tokens['l'] ?? 0, outcome.ownerDied.length > 0);
    world.exits('stranger');
    world.broker.attempt({ id: 0, owner: stranger, operation: { verb: 'release', demands }, deadlineMs: 0 }, 0);
  }

  #admit(): HandoffClient {
    this.#names += 1;
    return new HandoffClient(this.world, `c${String(this.#names)}`);
  }
}

test('whoever hands a lock on keeps to its order, whatever comes in between', () => {
  const files = new ClientFiles(folder);
  let direct = 0;
  let rounds = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 800, size: 'max' }), (steps) => {
      const play = new Play(files);
      for (const what of steps) play.do(what);
      // Nobody is stranded: from here on each comes in again, whoever acts first.
      const before = play.clients.map((client) => client.rounds);
      for (let turn = 1; turn <= 400; turn += 1) {
        for (const client of play.clients) {
          play.act(client);
          play.world.tell();
          // Whoever was woken by nobody asks.
          if (turn % 40 === 0) client.isImpatient = true;
        }
      }
      for (const [at, client] of play.clients.entries()) expect(client.rounds).toBeGreaterThan(before[at] ?? 0);
      direct += play.world.direct;
      rounds += play.rounds;
      for (const client of play.clients) client.close();
    }),
    { numRuns: 300 },
  );
  // The greater part of it went without the run.
  expect(direct).toBeGreaterThan(rounds / 2);
});

test('whoever leaves gives back what was settled meanwhile, and only that', () => {
  const world = new HandoffWorld(new ClientFiles(folder));
  const [holder, leaver] = [new HandoffClient(world, 'holder'), new HandoffClient(world, 'leaver')];
  const free = (): unknown => {
    const primitive = world.broker.look('l')?.primitive;
    return primitive?.kind === 'lock' ? primitive.free : null;
  };
  const ask = ({ handed, owner }: HandoffClient): readonly Answer[] => {
    const answers: Answer[] = [];
    handed.ask(owner, onLock({ verb: 'acquire', demands }), { answer: (answer) => answers.push(answer), begun: () => {} });
    return answers;
  };
  const demands = [{ name: 'l', permits: 1 }];
  ask(holder);
  expect(ask(leaver)).toMatchObject([{ value: { handoff: { line: [1], member: 2 } } }]);
  // It ends: the one that stands in line waits at the run, and is granted the lock.
  world.broker.look('l');
  world.desk.ask({ ...holder.owner, connection: null, attempt: null }, onLock({ verb: 'release', demands }), () => {});
  expect(free()).toBe(0);
  leaver.handed.leave(leaver.owner, 'l');
  expect(free()).toBe(1);
  // It asks again before the run has told what was settled, which then is nothing to it.
  expect(ask(leaver)).toMatchObject([{ ok: true, value: { tokens: { l: 3 } } }]);
  world.tell();
  expect(free()).toBe(0);
});

function onLock(operation: Operation): Call {
  return { type: 'operation', kind: 'lock', operation, timeoutMs: null };
}
