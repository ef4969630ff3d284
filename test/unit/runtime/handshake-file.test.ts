import { statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { HandshakeFile } from '../../../src/runtime/door/handshake-file.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

it('has all of its bytes before it is left to anybody: a disk that is full is known by then', () => {
  const file = new HandshakeFile(path.join(tempFolder({}), 'word'));
  expect(statSync(file.path).size).toBe(24);
  file.begin(1n);
  expect(file.revoke()).toBe(1n);
  expect(statSync(file.path).size).toBe(24);
  file.remove();
});
