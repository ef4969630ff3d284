import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../rig/run-cli.ts';
import { tempFolder } from '../rig/temp-folder.ts';

/** What the comment for editors says. */
function schemaOf(folder: string): string | undefined {
  return /\$schema=(?<file>.*)/u.exec(readFileSync(path.join(folder, 'mpctl.yaml'), 'utf8'))?.groups?.['file'];
}

describe('mpctl init', () => {
  it('writes a spec that is right and runs', async () => {
    const cwd = tempFolder();
    expect(await runCli(['init'], { cwd })).toMatchObject({
      stdout: 'wrote mpctl.yaml, and mpctl.schema.json for editors; run it with: mpctl run\n',
      exitCode: 0,
    });

    expect(await runCli(['check', '--strict'], { cwd })).toMatchObject({
      stdout: 'mpctl.yaml: ok, 4 instances, 1 primitive\nno deadlock: proved, since there is an order in which all is waited for\n  provided that programs wait in the run only for what they declare in `uses`, and neither take nor give back any other lock\n',
      exitCode: 0,
    });

    const { stdout, exitCode } = await runCli(['run'], { cwd });
    const lines = stdout.split('\n');
    const order = ['fetching', 'building plain', 'done'].map((text) => lines.findIndex((line) => line.endsWith(`] ${text}`)));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((left, right) => left - right));
    expect(exitCode).toBe(0);
  });

  it('names a schema that is there, in a form that is right on every machine', async () => {
    const cwd = tempFolder();
    await runCli(['init'], { cwd });
    expect(schemaOf(cwd)).toBe('./mpctl.schema.json');
    const { stdout } = await runCli(['schema'], { cwd });
    expect(readFileSync(path.join(cwd, 'mpctl.schema.json'), 'utf8')).toBe(stdout);
  });

  it.each([
    ['itself', '', './node_modules/mpctl/schemas/mpctl.schema.json'],
    ['above', 'services/web', '../../node_modules/mpctl/schemas/mpctl.schema.json'],
  ])('takes the schema of mpctl as a dependency of the folder %s', async (_, folder, schema) => {
    const project = tempFolder({ 'node_modules/mpctl/schemas/mpctl.schema.json': '{}', 'services/web/index.html': '' });
    const cwd = path.join(project, folder);
    expect(await runCli(['init'], { cwd })).toMatchObject({ stdout: 'wrote mpctl.yaml; run it with: mpctl run\n' });
    expect(schemaOf(cwd)).toBe(schema);
    expect(existsSync(path.join(cwd, 'mpctl.schema.json'))).toBe(false);
  });

  it('leaves a copy of the schema that is there as it is', async () => {
    const cwd = tempFolder({ 'mpctl.schema.json': '{}' });
    expect(await runCli(['init'], { cwd })).toMatchObject({ stdout: 'wrote mpctl.yaml; run it with: mpctl run\n' });
    expect(readFileSync(path.join(cwd, 'mpctl.schema.json'), 'utf8')).toBe('{}');
  });

  it.each(['mpctl.yaml', 'mpctl.yml'])('never replaces a spec: %s', async (name) => {
    const cwd = tempFolder({ [name]: 'mine' });
    const { stdout, stderr, exitCode } = await runCli(['init'], { cwd });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 4 });
    expect(stderr).toContain(`\`${name}\` is already here`);
    expect(readdirSync(cwd)).toEqual([name]);
    expect(readFileSync(path.join(cwd, name), 'utf8')).toBe('mine');
  });
});
