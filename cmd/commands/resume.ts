import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { hastenEntry } from '../hasten-entry.ts';
import type { ResumeFlags } from '../run-flags.ts';
import { addViewFlags, refuseOutputBesideJson } from './view-flags.ts';

const notes = `
The spec, the names, --env, --timeout, --max-parallel and --on-failure are those of the run. It is
called in the folder of the spec; \`mpctl run --resume RUN\` takes all of them anew.

Examples:
  $ mpctl resume last
  $ mpctl resume last --retry-failed
`;

/** `mpctl resume`: goes on from a run that has ended, as it was called. */
export function defineResume(program: Command, context: CommandContext): Command {
  const command = program
    .command('resume')
    .description('Go on from a run that was stopped or has failed: the tasks of its pools that have succeeded are not run again, all else is.')
    .argument('<RUN>', 'the id of the run, a part of it, or `last`')
    .option('--retry-failed', 'of the tasks, run only those that have failed, and none that was not begun');
  return addViewFlags(command)
    .addHelpText('after', notes)
    .action(async (run: string, flags: ResumeFlags) => {
      refuseOutputBesideJson(flags);
      hastenEntry(context.host);
      const { resumeRun } = await import('../resume-run.ts');
      context.exit = await resumeRun(context, run, flags);
    });
}
