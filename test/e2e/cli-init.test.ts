import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

describe('mpctl init', () => {
  it('writes a spec that is right and runs', async () => {
    const cwd = tempFolder();
    expect(await runCli(['init'], { cwd })).toMatchObject({ stdout: 'wrote mpctl.yaml; run it with: mpctl run\n', exitCode: 0 });

    expect(await runCli(['check', '--strict'], { cwd })).toMatchObject({
      stdout: 'mpctl.yaml: ok, 4 instances, 1 primitive\n',
      exitCode: 0,
    });

    const { stdout, exitCode } = await runCli(['run'], { cwd });
    const lines = stdout.split('\n');
    const order = ['fetching', 'building plain', 'done'].map((text) => lines.findIndex((line) => line.endsWith(`] ${text}`)));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((left, right) => left - right));
    expect(exitCode).toBe(0);
  });

  it('names a schema that is there', async () => {
    const cwd = tempFolder();
    await runCli(['init'], { cwd });
    const schema = /\$schema=(?<file>.*)/u.exec(readFileSync(path.join(cwd, 'mpctl.yaml'), 'utf8'))?.groups?.['file'];
    expect(existsSync(path.resolve(cwd, schema ?? ''))).toBe(true);
  });

  it('prefers the schema of the project, so that the spec can be shared', async () => {
    const cwd = tempFolder({ 'node_modules/mpctl/schemas/mpctl.schema.json': '{}' });
    await runCli(['init'], { cwd });
    expect(readFileSync(path.join(cwd, 'mpctl.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=node_modules\/mpctl\/schemas\/mpctl\.schema\.json\n/u,
    );
  });

  it('never replaces a spec', async () => {
    const cwd = tempFolder({ 'mpctl.yaml': 'mine' });
    expect(await runCli(['init'], { cwd })).toMatchObject({ stdout: '', exitCode: 4 });
    expect(readFileSync(path.join(cwd, 'mpctl.yaml'), 'utf8')).toBe('mine');
  });
});
