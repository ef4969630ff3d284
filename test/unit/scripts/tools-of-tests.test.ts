import { describe, expect, it } from 'vitest';
import { prepareTools, toolsOfTests, type Machine } from '../../../scripts/tools-of-tests.ts';

function machine(missing: readonly string[], changes: Partial<Machine> = {}): Machine {
  return { platform: 'linux', installs: true, has: (tool) => !missing.includes(tool), ...changes };
}

describe('the tools of the tests', () => {
  it('need nothing where all of them are there', () => {
    expect(prepareTools(toolsOfTests, machine(['apt-get']))).toEqual({ type: 'ready' });
  });

  it('are installed where that is possible, each package once', () => {
    const without = machine(['python3', 'flock', 'setsid']);
    expect(prepareTools(toolsOfTests, without)).toEqual({ type: 'install', packages: ['util-linux', 'python3'] });
  });

  it.each([
    [['git'], 'the program `git` is not in PATH; on Debian, `apt-get install git` as root brings what is missing'],
    [
      ['curl', 'flock', 'prlimit'],
      'the programs `curl`, `flock`, `prlimit` are not in PATH; on Debian, `apt-get install curl util-linux` as root brings what is missing',
    ],
  ])('are named where %j cannot be installed', (missing, reason) => {
    expect(prepareTools(toolsOfTests, machine(missing, { installs: false }))).toEqual({ type: 'refuse', reason });
  });

  it('are not looked for where the tests cannot run', () => {
    const reason = 'the tests run on Linux, whose /proc they look into, and this is darwin';
    expect(prepareTools(toolsOfTests, machine(['git'], { platform: 'darwin' }))).toEqual({ type: 'refuse', reason });
  });
});
