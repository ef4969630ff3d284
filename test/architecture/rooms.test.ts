import { expect, it } from 'vitest';
import * as z from 'zod';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFolder, root, type Arrow } from './source-tree.ts';

const listOrAny = z.union([z.literal('any'), z.array(z.string())]);
const table = z
  .strictObject({
    rooms: z.record(
      z.string(),
      z.strictObject({
        pure: z.boolean(),
        imports: listOrAny,
        typeImports: z.array(z.string()),
        packages: listOrAny,
        node: listOrAny,
      }),
    ),
    entryPoints: z.array(z.string()),
  })
  .parse(JSON.parse(readFileSync(join(root, 'test/architecture/rooms.json'), 'utf8')));

type Room = (typeof table.rooms)[string];

const files = [...parseFolder('src'), ...parseFolder('cmd')];

/** The room of a file is the longest folder of the table that it lies in. */
function roomNameOf(path: string): string | undefined {
  return Object.keys(table.rooms)
    .toSorted((left, right) => right.length - left.length)
    .find((room) => path.startsWith(`${room}/`));
}

function roomOf(path: string): Room {
  const room = table.rooms[roomNameOf(path) ?? ''];
  if (room === undefined) throw new Error(`${path} lies in no room of rooms.json`);
  return room;
}

function isAllowed(allowed: 'any' | readonly string[], target: string): boolean {
  return allowed === 'any' || allowed.some((entry) => target === entry || target.startsWith(`${entry}/`));
}

function isWrong(arrow: Arrow): boolean {
  const room = roomOf(arrow.from);
  if (!arrow.relative) return !isAllowed(arrow.to.startsWith('node:') ? room.node : room.packages, arrow.to);
  if (roomNameOf(arrow.to) === roomNameOf(arrow.from)) return false;
  return !isAllowed(room.imports, arrow.to) && !(arrow.typeOnly && isAllowed(room.typeImports, arrow.to));
}

it('has a room for every source file', () => {
  expect(files.map(({ path }) => path).filter((path) => roomNameOf(path) === undefined)).toEqual([]);
});

it('imports only along the arrows of rooms.json', () => {
  const wrong = files.flatMap(({ arrows }) => arrows).filter(isWrong);
  expect(wrong.map(({ from, to, typeOnly }) => `${from} → ${to}${typeOnly ? ' (type)' : ''}`)).toEqual([]);
});

it('reads every import statement, so that no arrow is overlooked', () => {
  const missed = files.filter(({ text, arrows }) => {
    const statements = text.match(/^(?:import|export)\b[^;]*?\bfrom '[^']+';/gm) ?? [];
    return statements.length > arrows.length;
  });
  expect(missed.map(({ path }) => path)).toEqual([]);
});

it('has no barrels: only the entry points of the package re-export', () => {
  const barrels = files.filter(
    ({ path, module }) =>
      !table.entryPoints.includes(path) &&
      module.staticExports.some(({ entries }) => entries.some((entry) => entry.moduleRequest !== null)),
  );
  expect(barrels.map(({ path }) => path)).toEqual([]);
});

it('keeps clocks and dice out of the pure rooms', () => {
  const impure = /\b(?:Date\.now|Math\.random|new Date|performance\.now|setTimeout|setInterval|setImmediate)\b/;
  const found = files
    .filter(({ path }) => roomOf(path).pure)
    .flatMap(({ path, text, comments }) => {
      const code = comments.reduceRight(
        (rest, { start, end }) => rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end),
        text,
      );
      const match = impure.exec(code);
      return match === null ? [] : [`${path}: ${match[0]}`];
    });
  expect(found).toEqual([]);
});

it('compiles exactly the pure rooms without the types of Node', () => {
  const included = /"include": \[([^\]]*)\]/.exec(readFileSync(join(root, 'tsconfig.pure.json'), 'utf8'))?.[1] ?? '';
  const pure = Object.keys(table.rooms).filter((room) => table.rooms[room]?.pure === true);
  expect([...included.matchAll(/"([^"]+)"/g)].map(([, room]) => room)).toEqual(pure);
});
