import { Option, type Command } from 'commander';
import { parseDuration } from '../../src/base/duration.ts';
import type { CommandContext } from '../context.ts';
import { hastenEntry } from '../hasten-entry.ts';
import { badValue, defineChoice } from '../flag-values.ts';
import { makeDiagnostic } from '../../src/diagnostics/make-diagnostic.ts';
import { UsageError } from '../usage-error.ts';
import type { RunFlags } from '../run-flags.ts';
import { addViewFlags, refuseOutputBesideJson } from './view-flags.ts';

const examples = `
Examples:
  $ mpctl run
  $ mpctl run ci.yaml test lint --env CI=1 --output grouped
  $ mpctl run --resume last
  $ mpctl run --no-check deploy.yaml
  $ mpctl check --format json deploy.yaml > found.json; mpctl run deploy.yaml --schedule found.json
  $ mpctl run deploy.yaml --schedule found.json --real
  $ mpctl run --explore 20 --output quiet
  $ mpctl run --explore 1 --seed 1812
`;

/** `mpctl run`: runs a spec to its end. */
export function defineRun(program: Command, context: CommandContext): Command {
  const command = program
    .command('run')
    .description('Run a spec: all of it, or the named processes with what they need.')
    .argument('[SPEC]', 'a .yaml or .yml file, a folder, or - for standard input (default: mpctl.yaml)')
    .argument('[NAME...]', 'processes and pools to run')
    .addOption(defineEnv())
    .addOption(defineTimeout())
    .addOption(defineMaxParallel())
    .addOption(defineChoice('--on-failure', 'what the first failure does', ['stop', 'continue']))
    .option('--resume <RUN>', 'go on from a run, by its id or `last`: tasks that have succeeded are not run again')
    .option('--schedule <FILE>', 'follow a schedule, such as that of `mpctl check --format json`, with commands that do nothing')
    .option('--real', 'with --schedule: run the real commands')
    .addOption(defineWhole('--explore', '<N>', 'run so many times, each in another order of what is taken, put and set', 1))
    .addOption(defineWhole('--seed', '<N>', 'with --explore: the order of the first run; without it, any', 0))
    .option('--no-check', 'run even what deadlocks in every run')
    .option('--retry-failed', 'with --resume: of the tasks, run only those that have failed');
  return addViewFlags(command)
    .addHelpText('after', examples)
    .action(async (first: string | undefined, names: readonly string[], flags: RunFlags) => {
      refuseOutputBesideJson(flags);
      if (flags.retryFailed === true && flags.resume === undefined) throw retryOfNothing();
      refuseOrders(flags);
      hastenEntry(context.host);
      const { runSpec } = await import('../run-spec.ts');
      context.exit = await runSpec(context, [...(first === undefined ? [] : [first]), ...names], flags);
    });
}

/** Nobody has failed before the first run. */
function retryOfNothing(): UsageError {
  return new UsageError(makeDiagnostic('MP003', '`--retry-failed` needs the run whose tasks have failed', { hint: 'write `--resume last --retry-failed`' }));
}

/**
 * A run has one order.
 *
 * @throws UsageError
 */
function refuseOrders({ schedule, explore, resume, real, seed }: RunFlags): void {
  const orders = [...(schedule === undefined ? [] : ['--schedule']), ...(explore === undefined ? [] : ['--explore'])];
  const others = [...orders.slice(1), ...(orders.length > 0 && resume !== undefined ? ['--resume'] : [])];
  const [first] = orders;
  const [other] = others;
  if (first !== undefined && other !== undefined) throw new UsageError(makeDiagnostic('MP003', `\`${first}\` and \`${other}\` exclude each other`, { hint: 'leave out one of them' }));
  if (real === true && schedule === undefined) throw new UsageError(makeDiagnostic('MP003', '`--real` needs the schedule that it is about', { hint: 'without `--schedule FILE` commands are run as they are' }));
  if (seed !== undefined && explore === undefined) throw new UsageError(makeDiagnostic('MP003', '`--seed` needs the runs that it is about', { hint: 'write `--explore 1 --seed N`' }));
}

const variable = /^(?<name>[A-Za-z_][A-Za-z0-9_]*)=(?<value>.*)$/su;

function defineEnv(): Option {
  const option = new Option('--env <NAME=VALUE>', 'set a variable for every process, whatever its spec sets; may be repeated');
  return option.argParser((written, before: RunFlags['env']): RunFlags['env'] => {
    const { name, value } = variable.exec(written)?.groups ?? {};
    if (name === undefined || value === undefined) throw badValue(option, written, 'a variable as `NAME=VALUE`', null);
    return [...(before ?? []), [name, value]];
  });
}

function defineTimeout(): Option {
  const option = new Option('--timeout <DURATION>', 'longest time of the whole run, such as 90s or 1h');
  return option.argParser((written): number => {
    const ms = parseDuration(written);
    if (ms !== null && ms > 0) return ms;
    const meant = /^\d+$/u.test(written) ? `${written}s` : null;
    throw badValue(option, written, 'a duration with its unit, such as `90s`', meant);
  });
}

function defineMaxParallel(): Option {
  return defineWhole('--max-parallel', '<N>', 'at most so many commands at once, daemons not counted', 1);
}

function defineWhole(flag: string, value: string, description: string, least: number): Option {
  const option = new Option(`${flag} ${value}`, description);
  return option.argParser((written): number => {
    const count = Number(written);
    if (!/^\d+$/u.test(written) || !Number.isSafeInteger(count) || count < least) {
      throw badValue(option, written, `a whole number from ${String(least)}`, null);
    }
    return count;
  });
}
