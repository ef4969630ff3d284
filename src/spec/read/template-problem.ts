import type { Expression } from '../../base/template.ts';

const runTimeRoots = new Set(['vars', 'item', 'process']);

/** Whether only the run will know what an expression names. */
export function isKnownLate(expression: Expression): boolean {
  return runTimeRoots.has(expression.path[0] ?? '');
}

/** How a script gets at what an expression names without it being pasted into the script. */
export function shellWayOut({ path, source }: Expression): string {
  const [root = '', second = ''] = path;
  const variable = variableOf(root, second, path.length);
  const asArgument = `\`"$1"\` with \`args: ["\${{ ${source} }}"]\`, or the list form \`[COMMAND, "\${{ ${source} }}"]\``;
  return variable === null ? `write ${asArgument}` : `write \`"$${variable}"\`; or ${asArgument}`;
}

function variableOf(root: string, second: string, length: number): string | null {
  switch (root) {
    case 'env':
      return second;
    case 'matrix':
      return `MATRIX_${second.toUpperCase().replaceAll('-', '_')}`;
    case 'vars':
      return length === 2 ? second : null;
    case 'item':
      return length === 1 ? 'MPCTL_ITEM' : null;
    case 'replica':
      return 'MPCTL_REPLICA';
    case 'replicas':
      return 'MPCTL_REPLICAS';
    default:
      return null;
  }
}
