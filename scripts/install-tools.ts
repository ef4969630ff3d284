/**
 * Installs the programs that are named, else those that the tests call, where that is possible, and says
 * in one sentence what is missing where it is not. `npm test` begins with it.
 */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { execaSync } from 'execa';
import { prepareTools, toolsOfTests, type Machine } from './tools-of-tests.ts';

function has(tool: string): boolean {
  if (isAbsolute(tool)) return existsSync(tool);
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      const file = join(folder, tool);
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  });
}

const named = process.argv.slice(2);
const tools = named.length > 0 ? named : toolsOfTests;
const machine: Machine = { platform: process.platform, installs: process.getuid?.() === 0 && has('apt-get'), has };

let preparation = prepareTools(tools, machine);
if (preparation.type === 'install') {
  const environment = { env: { DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'inherit', reject: false } as const;
  execaSync('apt-get', ['update', '-qq'], environment);
  execaSync('apt-get', ['install', '-qq', '-y', '--no-install-recommends', ...preparation.packages], environment);
  // What apt-get could not bring is told as where there is no apt-get; its own words stand above.
  preparation = prepareTools(tools, { ...machine, installs: false });
}
if (preparation.type === 'refuse') {
  process.stderr.write(`install-tools: ${preparation.reason}\n`);
  process.exitCode = 1;
}
