import type { Command, Option } from 'commander';
import { CommandContext } from '../cmd/context.ts';
import type { Host, OutputStream } from '../cmd/host.ts';
import { createProgram } from '../cmd/program.ts';
import { err } from '../src/base/result.ts';
import { table } from './reference-tables.ts';

/** Takes what is written and drops it: only definitions are read here. */
const nowhere: OutputStream = { isTTY: false, columns: null, rows: null, write: () => {}, pendingBytes: () => 0, onCaughtUp: () => {}, onReaderGone: () => {} };

const host: Host = {
  argv: [],
  environment: {},
  workingDir: import.meta.dirname,
  hasWorkingDir: true,
  platform: 'linux',
  architecture: process.arch,
  nodeVersion: process.versions.node,
  stdout: nowhere,
  stderr: nowhere,
  readStandardInput: () => err({ reason: 'missing', message: 'there is no standard input' }),
};

/** The commands of mpctl with their arguments and flags, as the command line itself defines them. */
export function renderCommands(): string {
  const { commands } = createProgram(new CommandContext(host), undefined);
  return table(
    ['command', 'what it does', 'flags'],
    commands.map((command) => [`\`${usageOf(command)}\``, command.description(), command.options.map(renderFlag).join(' · ')]),
  );
}

function usageOf(command: Command): string {
  const taken = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
    return argument.required ? name : `[${name}]`;
  });
  return ['mpctl', command.name(), ...taken].join(' ');
}

function renderFlag(option: Option): string {
  const words = option.argChoices?.join('|');
  return `\`${words === undefined ? option.flags : `${option.long ?? option.flags} ${words}`}\``;
}
