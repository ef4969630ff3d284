import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ClientFiles } from '../../../src/runtime/door/client-files.ts';
import { HandoffClient, HandoffWorld } from './handoff-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'mpctl-handoff-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clients = 4;
const stranger = { instance: 'stranger', holder: 'stranger' };

/** Who acts next, or what comes in between: rarely, so that the lock is handed on for a while. */
const step = fc.oneof(
  { weight: 400, arbitrary: fc.nat(clients - 1).map((client) => ({ type: 'step', client }) as const) },
  { weight: 60, arbitrary: fc.constant({ type: 'tell' } as const) },
  { weight: 3, arbitrary: fc.nat(clients - 1).map((client) => ({ type: 'impatience', client }) as const) },
  { weight: 3, arbitrary: fc.nat(clients - 1).map((client) => ({ type: 'interrupt', client }) as const) },
  { weight: 1, arbitrary: fc.constant({ type: 'look' } as const) },
  { weight: 1, arbitrary: fc.constant({ type: 'try' } as const) },
  { weight: 1, arbitrary: fc.nat(clients - 1).map((client) => ({ type: 'death', client }) as const) },
);

let seen = { handoffs: 0, direct: 0, rounds: 0 };

test('whoever hands a lock on keeps to its order, whatever comes in between', () => {
  const files = new ClientFiles(folder);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 800, size: 'max' }), (steps) => {
      const world = new HandoffWorld(files);
      let names = 0;
      const admit = (): HandoffClient => {
        names += 1;
        return new HandoffClient(world, `c${String(names)}`);
      };
      const all = Array.from({ length: clients }, admit);
      const gone: HandoffClient[] = [];
      const act = (client: HandoffClient | undefined): void => {
        world.moment += 1;
        client?.steps.next();
      };
      for (const what of steps) {
        const client = 'client' in what ? all[what.client] : undefined;
        if (what.type === 'step') act(client);
        else if (what.type === 'tell') world.tell();
        else if (what.type === 'impatience' && client !== undefined) client.isImpatient = true;
        else if (what.type === 'interrupt' && client !== undefined) client.isInterrupted = true;
        else if (what.type === 'look') world.broker.look('l');
        else if (what.type === 'try') {
          const operation = { verb: 'acquire', demands: [{ name: 'l', permits: 1 }] } as const;
          const outcome = world.broker.attempt({ id: 0, owner: stranger, operation, deadlineMs: 0 }, 0);
          if (outcome?.status !== 'granted') continue;
          world.enters('stranger', outcome.tokens['l'] ?? 0, outcome.ownerDied.length > 0);
          world.exits('stranger');
          world.broker.attempt({ id: 0, owner: stranger, operation: { ...operation, verb: 'release' }, deadlineMs: 0 }, 0);
        } else if ('client' in what && client !== undefined) {
          client.close();
          gone.push(client);
          all[what.client] = admit();
        }
      }
      // Nobody is stranded: from here on each comes in again, whoever acts first.
      const before = all.map(({ rounds }) => rounds);
      for (let turn = 0; turn < 400; turn += 1) {
        for (const client of all) {
          act(client);
          world.tell();
        }
        // Whoever was woken by nobody asks.
        if (turn % 40 === 39) for (const client of all) client.isImpatient = true;
      }
      for (const [at, client] of all.entries()) expect(client.rounds).toBeGreaterThan(before[at] ?? 0);
      for (const client of [...all, ...gone]) seen = { ...seen, rounds: seen.rounds + client.rounds };
      seen = { ...seen, handoffs: seen.handoffs + world.handoffs, direct: seen.direct + world.direct };
      for (const client of all) client.close();
    }),
    { numRuns: 300 },
  );
  // The greater part of it went without the run.
  expect(seen.direct).toBeGreaterThan(seen.rounds / 2);
});
