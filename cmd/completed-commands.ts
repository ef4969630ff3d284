import type { Command, Option } from 'commander';
import { jobFlags, type JobFlag } from '../src/jobs/option-table.ts';
import { momentNames } from '../src/protocol/call.ts';
import { shells } from './shells.ts';
import { flagMeanings, flagValues, outputForms, type Flag } from './verbs/flags.ts';
import { verbGroups } from './verbs/groups.ts';
import { operatorVerbs } from './verbs/operator-verbs.ts';
import { runVerbs } from './verbs/run-verbs.ts';
import type { Verb } from './verbs/verb.ts';

/** One flag as a shell offers it. */
export interface CompletedFlag {
  /** Such as `--format`. */
  readonly flag: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** The values that there are; none where it may be any. */
  readonly choices: readonly string[];
}

/** What is completed for one command. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly CompletedFlag[];
  /** Whether its arguments are files, as those of everything that takes a spec. */
  readonly takesSpec: boolean;
  /** The words that its argument can be; none where it may be any. */
  readonly choices: readonly string[];
  /** The second words that it has. */
  readonly verbs: readonly CompletedCommand[];
}

/** Every command and verb, from their definitions. */
export function completedCommands(program: Command): readonly CompletedCommand[] {
  const color = program.options.filter((option) => option.long === '--no-color');
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: [...command.options, ...color].map(flagOf),
    takesSpec: command.registeredArguments.some((argument) => argument.name().startsWith('SPEC')),
    choices: command.name() === 'completion' ? shells : [],
    verbs: [],
  }));
  const groups = verbGroups.map(({ name, summary, verbs }) => ({
    name,
    description: summary,
    // `mpctl pool` runs a command for each item as well.
    flags: name === 'pool' ? jobFlags.map(jobFlagOf) : [],
    takesSpec: false,
    choices: [],
    verbs: verbs.map(verbOf),
  }));
  return [...commands, ...operatorVerbs.map(verbOf), ...groups, ...runVerbs.map(verbOf)];
}

function flagOf(option: Option): CompletedFlag {
  return {
    flag: option.long ?? option.flags,
    description: option.description,
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  };
}

function verbOf({ name, summary, flags }: Verb): CompletedCommand {
  return { name, description: summary, flags: flags.map(verbFlagOf), takesSpec: false, choices: [], verbs: [] };
}

function jobFlagOf({ long, value, meaning }: JobFlag): CompletedFlag {
  return { flag: long, description: meaning, takesValue: value !== null, choices: [] };
}

const flagChoices: Partial<Record<Flag, readonly string[]>> = { '--for': momentNames, '--format': outputForms };

function verbFlagOf(flag: Flag): CompletedFlag {
  return { flag, description: flagMeanings[flag], takesValue: flagValues[flag] !== null, choices: flagChoices[flag] ?? [] };
}
