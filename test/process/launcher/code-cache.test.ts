import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { execa } from 'execa';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

let installed = '';
let home = '';

/** An installed copy whose own cache does not fit, as under any Node but the one of the build. */
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'mpctl-launcher-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  installed = join(folder, 'package');
  home = join(folder, 'home');
  mkdirSync(home);
  cpSync(join(root, 'dist'), join(installed, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  for (const name of readdirSync(join(installed, 'dist'))) if (/^(?:main|check)-/u.test(name)) rmSync(join(installed, 'dist', name));
});

async function version(environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await execa(process.execPath, [join(installed, 'dist/mpctl.cjs'), '--version'], {
    env: { HOME: home, XDG_CACHE_HOME: '', ...environment },
  });
  return stdout;
}

function cacheFile(folder: string): string {
  const name = readdirSync(folder).find((entry) => entry.endsWith('.cache'));
  return join(folder, name ?? 'no cache');
}

describe('the code cache of the launcher', () => {
  it('is written after the first command, into a folder of the user alone', async () => {
    const folder = join(home, '.cache/mpctl');
    expect(await version()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(cacheFile(folder)).size).toBeGreaterThan(10_000);
  });

  it('is used by the next command and not written again', async () => {
    const folder = join(home, '.cache/mpctl');
    await version();
    const { mtimeMs } = statSync(cacheFile(folder));
    await version();
    expect(statSync(cacheFile(folder)).mtimeMs).toBe(mtimeMs);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is another one for runs, which only they take', async () => {
    const folder = join(home, '.cache/mpctl');
    const spec = join(home, 'mpctl.yaml');
    writeFileSync(spec, 'processes: {short: {command: ["true"]}}\n');
    const run = [join(installed, 'dist/mpctl.cjs'), 'run', spec, '--output', 'quiet'];
    const env = { HOME: home, XDG_CACHE_HOME: '' };
    await execa(process.execPath, run, { env });
    const [ofRuns = ''] = readdirSync(folder);
    await version();
    const ofChecks = readdirSync(folder).find((name) => name !== ofRuns) ?? '';
    expect([ofRuns, ofChecks]).toEqual([expect.stringMatching(/^main-/u), expect.stringMatching(/^check-/u)]);
    rmSync(join(folder, ofChecks));
    await execa(process.execPath, run, { env });
    expect(readdirSync(folder)).toEqual([ofRuns]);
  });

  it('is replaced where V8 rejects it', async () => {
    const folder = join(home, '.cache/mpctl');
    await version();
    const file = cacheFile(folder);
    writeFileSync(file, 'not a cache');
    expect(await version()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(readFileSync(file).length).toBeGreaterThan(10_000);
  });

  it('is not written by a run that has made V8 optimise late: no start would take it', async () => {
    const spec = join(home, 'mpctl.yaml');
    writeFileSync(spec, 'processes: {short: {command: ["true"], replicas: 50}}\n');
    const argv = [join(installed, 'dist/mpctl.cjs'), 'run', spec, '--output', 'quiet'];
    await execa(process.execPath, argv, { env: { HOME: home, XDG_CACHE_HOME: '' } });
    expect(existsSync(join(home, '.cache/mpctl'))).toBe(false);
  });

  it('follows XDG_CACHE_HOME', async () => {
    await version({ XDG_CACHE_HOME: join(home, 'elsewhere') });
    expect(existsSync(join(home, 'elsewhere/mpctl'))).toBe(true);
    expect(existsSync(join(home, '.cache'))).toBe(false);
  });

  it('is neither read nor written where others could write', async () => {
    const folder = join(home, '.cache/mpctl');
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    expect(await version()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not needed: a home that cannot be written only costs time', async () => {
    expect(await version({ HOME: '/dev/null' })).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
