import { lineAt, type ParsedFile } from './source-tree.ts';

const names: ReadonlySet<unknown> = new Set(['it', 'test', 'describe', 'suite', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach']);

/** What runs its parts only where something holds. */
const conditions: ReadonlySet<unknown> = new Set(['IfStatement', 'ConditionalExpression', 'LogicalExpression', 'SwitchStatement', 'TryStatement']);

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** Whether it is used where it always is; the last of `around` is what stands directly around it. */
function isUnconditional(node: Node, around: readonly Node[]): boolean {
  const parent = around.at(-1);
  // The name of a property, as in `pattern.test(…)`, is another one.
  if (parent?.['property'] === node || parent?.['key'] === node) return true;
  if (around.some(({ type }) => conditions.has(type))) return false;
  return parent?.['type'] !== 'VariableDeclarator' || parent['init'] !== node;
}

/**
 * Where a test file calls `it`, `describe` and so on only under a condition, or gives them another name
 * that may stand for nothing: a test that is left out in this way fails nowhere.
 */
export function conditionalTests({ path, text, program }: ParsedFile): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown, around: readonly Node[]): void => {
    if (Array.isArray(value)) {
      for (const element of value) visit(element, around);
    } else if (isNode(value)) {
      const start = value['start'];
      if (value['type'] === 'Identifier' && names.has(value['name']) && typeof start === 'number' && !isUnconditional(value, around)) {
        found.push(`${path}:${lineAt(text, start)} ${String(value['name'])}`);
      }
      for (const part of Object.values(value)) visit(part, [...around, value]);
    }
  };
  visit(program, []);
  return found;
}
