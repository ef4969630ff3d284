import { expect, it } from 'vitest';
import { ClientFiles } from '../../../src/runtime/door/client-files.ts';
import { HandshakeFiles } from '../../../src/runtime/door/handshake-files.ts';
import { tempFolder } from '../../rig/temp-folder.ts';

it('are no more than 256 of one instance, however many holders it has, and are used again', () => {
  const files = new HandshakeFiles(new ClientFiles(tempFolder({})));
  const of = (instance: string, holder: number): string | null => files.of({ instance, holder: `1/${String(holder)}` }, 'file')?.path ?? null;
  const paths = Array.from({ length: 256 }, (_, holder) => of('a', holder));
  expect(new Set(paths).size).toBe(256);
  expect(paths).not.toContain(null);
  expect(of('a', 256)).toBeNull();
  expect(of('a', 0)).toBe(paths[0]);
  expect(of('b', 0)).not.toBeNull();
  files.remove('a', '1/0');
  expect(of('a', 256)).not.toBeNull();
  files.remove('a', null);
  files.remove('b', null);
});
