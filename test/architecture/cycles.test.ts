import { expect, it } from 'vitest';
import { parseFolder } from './source-tree.ts';

const files = [...parseFolder('src'), ...parseFolder('cmd')];
const targets = new Map(
  files.map(({ path, arrows }) => [path, arrows.filter(({ relative }) => relative).map(({ to }) => to)]),
);

/** The first circle that a walk from `path` meets, as the files around it; null where there is none. */
function findCircle(path: string, trail: readonly string[], done: Set<string>): readonly string[] | null {
  const position = trail.indexOf(path);
  if (position !== -1) return [...trail.slice(position), path];
  if (done.has(path)) return null;
  for (const target of targets.get(path) ?? []) {
    const circle = findCircle(target, [...trail, path], done);
    if (circle !== null) return circle;
  }
  done.add(path);
  return null;
}

it('has no import cycles, type imports counted', () => {
  const done = new Set<string>();
  const circles = files.map(({ path }) => findCircle(path, [], done)).filter((circle) => circle !== null);
  expect(circles.map((circle) => circle.join(' → '))).toEqual([]);
});

it('imports only files that exist', () => {
  const missing = files.flatMap(({ path }) =>
    (targets.get(path) ?? []).filter((to) => to.endsWith('.ts') && !targets.has(to)).map((to) => `${path} → ${to}`),
  );
  expect(missing).toEqual([]);
});
