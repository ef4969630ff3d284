import { expect, it } from 'vitest';
import { folderOfPath, resolvePath } from '../../../src/base/resolve-path.ts';

it.each([
  ['/a/b', 'c.yaml', '/a/b/c.yaml'],
  ['/a/b', './c/./d', '/a/b/c/d'],
  ['/a/b', '../../../c', '/c'],
  ['/a/b', '/c//d/', '/c/d'],
  ['/', '.', '/'],
])('from %s, %s is %s', (folder, path, resolved) => {
  expect(resolvePath(folder, path)).toBe(resolved);
});

it('gives the folder of a path', () => {
  expect(folderOfPath('/a/b/c.yaml')).toBe('/a/b');
});
