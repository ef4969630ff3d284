import { didYouMean } from '../../base/did-you-mean.ts';
import type { Expression } from '../../base/template.ts';
import type { FillPlace } from './fill-place.ts';

/** The way out for a `${{ }}` whose name is known at load and stands for nothing. */
export function unsetHint({ scope, place }: FillPlace, { source, path }: Expression): string {
  const [root = '', name = ''] = path;
  const isOfPool = place[0] === 'pools';
  if (root === 'matrix' && scope.matrix === null) {
    return isOfPool
      ? `the matrix of a pool is its tasks, so write \`\${{ ${['item', ...path.slice(1)].join('.')} }}\``
      : `give the process a \`matrix: { ${name}: [VALUE, …] }\``;
  }
  if (root === 'replica' || root === 'replicas') {
    return isOfPool ? 'the tasks of a pool are told apart by `${{ item }}`' : 'it is known within a process';
  }
  if (root === 'env' && scope.besides?.includes(name) === true) {
    return `\`environment\` sees only what comes before it, such as that of the whole spec or \`env_file\`, and not what stands beside: move \`${name}\` there, or write its value out`;
  }
  const known = root === 'matrix' ? Object.keys(scope.matrix ?? {}) : scope.environment.names();
  const meant = didYouMean(name, known);
  if (meant !== null) return `did you mean \`\${{ ${root}.${meant} }}\`?`;
  return `set it, or write what stands in for it: \`\${{ ${source} || 'default' }}\``;
}
