import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSpec, splitSpecAndNames } from '../../../cmd/find-spec.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

describe('findSpec', () => {
  it('takes mpctl.yaml before mpctl.yml', () => {
    expect(findSpec(undefined, tempFolder({ 'mpctl.yaml': '', 'mpctl.yml': '' }))).toEqual({ ok: true, value: 'mpctl.yaml' });
    expect(findSpec(undefined, tempFolder({ 'mpctl.yml': '' }))).toEqual({ ok: true, value: 'mpctl.yml' });
  });

  it('finds the spec of a folder', () => {
    expect(findSpec('service/', tempFolder({ 'service/mpctl.yml': '' }))).toEqual({ ok: true, value: 'service/mpctl.yml' });
  });

  it('leaves a file and - as they were written', () => {
    const folder = tempFolder({ 'sub/nightly.yaml': '' });
    expect(findSpec('./sub/nightly.yaml', folder)).toEqual({ ok: true, value: './sub/nightly.yaml' });
    expect(findSpec('-', folder)).toEqual({ ok: true, value: '-' });
  });

  it('says what is missing and how to go on', () => {
    const folder = tempFolder({ 'nightly.yaml': '' });
    expect(findSpec(undefined, folder)).toMatchObject({
      error: { code: 'MP010', hint: '`mpctl init` writes one to begin with; `mpctl run FILE` takes another' },
    });
    expect(findSpec('nigthly.yaml', folder)).toMatchObject({
      error: { code: 'MP010', message: 'the spec `nigthly.yaml` does not exist', hint: 'did you mean `nightly.yaml`?' },
    });
  });

  it('tells a folder without a spec and a path that cannot be followed from a missing file', () => {
    const folder = tempFolder();
    mkdirSync(path.join(folder, 'empty'));
    symlinkSync('loop.yaml', path.join(folder, 'loop.yaml'));
    expect(findSpec('empty', folder)).toMatchObject({
      error: {
        code: 'MP012',
        message: 'the folder `empty` has no `mpctl.yaml` and no `mpctl.yml`',
        hint: '`cd empty && mpctl init` writes one',
      },
    });
    expect(findSpec('loop.yaml', folder)).toMatchObject({ error: { code: 'MP011' } });
  });
});

it('names the files that are there where none is near', () => {
  const folder = tempFolder({ 'ci.yaml': '', 'nightly.yml': '', 'notes.txt': '', 'deploy/prod.yaml': '' });
  expect(findSpec('build', folder)).toMatchObject({ error: { hint: 'the folder has `ci.yaml`, `nightly.yml`' } });
  expect(findSpec('deploy', folder)).toMatchObject({ error: { hint: 'name the file itself: `deploy/prod.yaml`' } });
});

describe('splitSpecAndNames', () => {
  it('takes the first argument for the spec when it looks like one', () => {
    const folder = tempFolder({ 'service/mpctl.yaml': '' });
    for (const spec of ['a.yaml', 'a.yml', '-', './x', 'service']) {
      expect(splitSpecAndNames([spec, 'test'], folder)).toEqual({ spec, names: ['test'] });
    }
    expect(splitSpecAndNames(['test', 'lint'], folder)).toEqual({ spec: undefined, names: ['test', 'lint'] });
    expect(splitSpecAndNames([], folder)).toEqual({ spec: undefined, names: [] });
  });

  it('takes a folder without a spec for a name where there is a spec beside it', () => {
    const folder = tempFolder({ 'mpctl.yaml': '', 'test/a.txt': '' });
    expect(splitSpecAndNames(['test'], folder)).toEqual({ spec: undefined, names: ['test'] });
    const without = tempFolder({ 'test/a.txt': '' });
    expect(splitSpecAndNames(['test'], without)).toEqual({ spec: 'test', names: [] });
  });
});
