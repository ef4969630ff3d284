import type { Json } from '../../src/base/json.ts';
import { momentNames } from '../../src/protocol/call.ts';
import { cleanVerb } from './clean-verb.ts';
import { doctorVerb } from './doctor-verb.ts';
import { openRun } from './find-run.ts';
import { logsVerb } from './logs-verb.ts';
import { UsageProblem, verbExitCodes } from './refusal.ts';
import { sayRefusal } from './say-refusal.ts';
import { seeVerbs } from './see-verbs.ts';
import { nameOf, timeoutOf } from './values.ts';
import type { Arguments, Verb, World } from './verb.ts';

/** A verb that is one request to the run, and prints nothing. */
function request(
  verb: Omit<Verb, 'run'>,
  method: string,
  params: (given: Arguments) => Readonly<Record<string, Json | undefined>>,
): Verb {
  return {
    ...verb,
    run: async (given, world) => {
      const answer = await openRun(given, world).ask(method, params(given));
      return answer.ok ? verbExitCodes.yes : sayRefusal(world, answer.error);
    },
  };
}

/** Without a name the whole run is stopped in order: `finally` runs, and mpctl dies of SIGTERM. */
async function stop(given: Arguments, world: World): Promise<number> {
  const { run, ask } = openRun(given, world);
  const [name] = given.words;
  if (name === undefined) {
    process.kill(run.record.pid, 'SIGTERM');
    return verbExitCodes.yes;
  }
  const asProcess = await ask('process.terminate', { name });
  const asPool = !asProcess.ok && asProcess.error.kind === 'not_found' ? await ask('pool.terminate', { name }) : null;
  const answer = asPool?.ok === true ? asPool : asProcess;
  return answer.ok ? verbExitCodes.yes : sayRefusal(world, answer.error);
}

function momentOf({ values }: Arguments): string {
  const moment = values.get('--for') ?? 'ready';
  if (momentNames.some((known) => known === moment)) return moment;
  throw new UsageProblem(`\`${moment}\` is no moment`, `one of ${momentNames.join(', ')}`);
}

/** `HUP` and `hup` too, as `kill` takes them; a number stays one, and is refused as no name. */
function signalOf({ words }: Arguments): string {
  const written = words[1] ?? '';
  const name = written.toUpperCase();
  return /^[A-Z]/u.test(name) ? `SIG${name.replace(/^SIG/u, '')}` : written;
}

/** Verbs for another terminal. */
export const operatorVerbs: readonly Verb[] = [
  ...seeVerbs,
  cleanVerb,
  doctorVerb,
  logsVerb,
  request(
    { name: 'wait', takes: 'NAME', summary: 'Waits for a moment of a process or pool (`ready`).', example: 'mpctl wait server --for ready --timeout 30s', words: [1, 1], flags: ['--for', '--timeout', '--run'] },
    'process.await',
    (given) => ({ name: nameOf(given), moment: momentOf(given), timeout_ms: timeoutOf(given) }),
  ),
  { name: 'stop', takes: '[NAME]', summary: 'Stops a process or pool, which comes back only where somebody starts it; or without a name the whole run as SIGTERM does. It asks for the end and does not wait for it, as `mpctl wait NAME --for exit` does.', example: 'mpctl stop server', words: [0, 1], flags: ['--run'], run: stop },
  request(
    { name: 'start', takes: 'NAME', summary: 'Starts a process or pool with `autostart: false`, or one that has ended.', example: 'mpctl start extra', words: [1, 1], flags: ['--run'] },
    'process.start',
    (given) => ({ name: nameOf(given) }),
  ),
  request(
    { name: 'restart', takes: 'NAME', summary: 'Ends the attempt that runs and begins the next at once.', example: 'mpctl restart server', words: [1, 1], flags: ['--run'] },
    'process.restart',
    (given) => ({ name: nameOf(given) }),
  ),
  request(
    { name: 'signal', takes: 'NAME SIGNAL', summary: 'Sends a signal to the running command of a process and all that it has started.', example: 'mpctl signal server SIGHUP', words: [2, 2], flags: ['--run'] },
    'process.signal',
    (given) => ({ name: nameOf(given), signal: signalOf(given) }),
  ),
];
