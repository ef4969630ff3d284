import type { Socket } from 'node:net';
import { asText } from '../../src/base/as-text.ts';
import type { Json } from '../../src/base/json.ts';
import { isList, isRecord } from '../../src/base/json-type.ts';
import { fieldOf } from '../../src/client/field-of.ts';
import { isFile } from './is-file.ts';
import { verbExitCodes } from './refusal.ts';
import { sayRefusal } from './say-refusal.ts';
import { simpleVerb } from './simple-verb.ts';
import { countOf, timeoutOf } from './values.ts';
import type { Arguments, Verb, VerbGroup, World } from './verb.ts';

type Kind = 'lock' | 'semaphore';

function holdsOf(kind: Kind, given: Arguments): Json {
  if (kind === 'lock') return given.words;
  const permits = countOf(given, '--permits') ?? 1;
  return given.words.map((name) => ({ name, permits }));
}

/** Acquires, and says on standard error where the last holder has died. */
async function acquire(kind: Kind, given: Arguments, world: World): Promise<Json | number> {
  const answer = await world.ask(`${kind}.acquire`, { holds: holdsOf(kind, given), timeout_ms: timeoutOf(given) });
  if (!answer.ok) return sayRefusal(world, answer.error);
  sayDeaths(answer.value, world);
  return answer.value;
}

function sayDeaths(granted: Json, world: World): void {
  const died = fieldOf(granted, 'owner_died');
  for (const name of isList(died) ? died : []) world.complain(`the last holder of \`${asText(name)}\` ended without releasing it`);
}

/** `MPCTL_TOKEN_FILE: '7'`, as a process gets it that holds something since its start. */
function tokenVariables(granted: Json): Readonly<Record<string, string>> {
  const tokens = fieldOf(granted, 'tokens');
  if (!isRecord(tokens)) return {};
  return Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => [`MPCTL_TOKEN_${name.toUpperCase().replaceAll('-', '_')}`, asText(token)]),
  );
}

async function acquireAndRun(kind: Kind, given: Arguments, world: World): Promise<number> {
  // What starts processes takes longer to load than most verbs to answer.
  if (kind === 'lock' && isFile(given.words, world.environment)) return (await import('./lock-file.ts')).lockFile(given, world);
  const { acquireWhileOpen } = await import('./acquire-while-open.ts');
  const acquired = await acquireWhileOpen(world.environment, `${kind}.acquire`, { holds: holdsOf(kind, given), timeout_ms: timeoutOf(given) });
  if (!acquired.ok) return sayRefusal(world, acquired.error);
  const { value: granted, connection } = acquired.value;
  sayDeaths(granted, world);
  // Whoever looks for deadlocks sees by it that this process does nothing but wait for the command.
  const holder = { MPCTL_HOLDER_PID: String(process.pid) };
  const { runCommand } = await import('./run-command.ts');
  const exitCode = await runCommand(given.command ?? [], { ...world.environment, ...tokenVariables(granted), ...holder }, world, { held: connection });
  // A reentrant lock is the instance's. Of a semaphore others of the instance may have permits, too: only the connection knows which are these.
  const released = kind === 'lock' ? await world.ask('lock.release', { holds: holdsOf(kind, given) }) : null;
  // With the end of its instance it was released before, as where a script is stopped with all that it runs.
  if (released?.ok === false && released.error.kind !== 'ended') sayRefusal(world, released.error);
  // For whatever the command has left behind as well.
  await ended(connection);
  return exitCode;
}

/** Resolves when the end is told: nobody who has it open still can keep the connection from its end. */
function ended(connection: Socket): Promise<void> {
  return new Promise((resolve) => {
    connection.end(() => resolve());
  });
}

const ofLocksOnly =
  'A reentrant lock is held by the whole instance: where this is killed, to the end of that. Outside of a run, or where the name has a slash, it is a file that is locked as flock(1) does.';

function holdVerbs(kind: Kind): readonly Verb[] {
  const more = kind === 'lock' ? [] : (['--permits'] as const);
  const name = kind === 'lock' ? 'file' : 'slots';
  const takes = kind === 'lock' ? 'LOCK…' : 'SEMAPHORE…';
  return [
    {
      name: 'acquire',
      takes,
      summary: `Waits for it, or for all of several at once; this instance holds it until \`${kind} release\` or its end.`,
      example: `mpctl ${kind} acquire ${name} --timeout 2s`,
      words: [1, Infinity],
      flags: ['--timeout', '--no-wait', ...more, '--json'],
      run: async (given, world) => {
        const granted = await acquire(kind, given, world);
        if (typeof granted === 'number') return granted;
        if (given.switches.has('--json')) world.write(`${JSON.stringify(granted)}\n`);
        return verbExitCodes.yes;
      },
    },
    simpleVerb({
      name: 'release',
      takes,
      summary: 'Releases it, or all of several at once.',
      example: `mpctl ${kind} release ${name}`,
      words: [1, Infinity],
      flags: more,
      method: `${kind}.release`,
      params: (given) => ({ holds: holdsOf(kind, given) }),
    }),
    {
      name: 'run',
      takes: `${takes} -- COMMAND…`,
      summary: `Holds it while a command runs, and ends as that ends. Where this is killed, the command holds it on to its own end.${kind === 'lock' ? ` ${ofLocksOnly}` : ''}`,
      example: `mpctl ${kind} run ${name} -- make install`,
      words: [1, Infinity],
      flags: ['--timeout', '--no-wait', ...more],
      command: true,
      run: async (given, world) => acquireAndRun(kind, given, world),
    },
  ];
}

/** `mpctl lock …`. */
export const lockVerbs: VerbGroup = { name: 'lock', summary: 'Takes and releases locks.', verbs: holdVerbs('lock') };

/** `mpctl semaphore …`. */
export const semaphoreVerbs: VerbGroup = {
  name: 'semaphore',
  summary: 'Takes and returns permits of semaphores.',
  verbs: holdVerbs('semaphore'),
};
