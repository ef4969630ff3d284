import type { Json } from '../../base/json.ts';
import { later } from '../../base/render-template.ts';
import type { EnvironmentScope } from './environment-scope.ts';
import type { RunTimeNames } from './run-time-names.ts';

/** What `${{ }}` may name in one part of the spec: at load, and what only the run knows. */
export interface LoadScope {
  readonly environment: EnvironmentScope;
  /** The same for what is filled in apart from the work, as sources of tasks and stop commands; left out where it is no other. */
  readonly environmentApart?: EnvironmentScope;
  /** Names of the `environment` that is being read, which sees only what comes before it; left out elsewhere. */
  readonly besides?: readonly string[];
  /** The variable whose value this is; left out elsewhere. */
  readonly variable?: string;
  /** null where there is no matrix. */
  readonly matrix: Readonly<Record<string, string>> | null;
  /** null outside a process. */
  readonly replica: number | null;
  readonly replicas: number | null;
  readonly cpuCount: number;
  readonly runTime: RunTimeNames;
}

/** What a path stands for: a value, undefined for nothing, or `later` for what only the run knows. */
export function lookUpAtLoad(
  scope: LoadScope,
  path: readonly string[],
): Json | undefined | typeof later {
  const [root, key = ''] = path;
  switch (root) {
    case 'env':
      return scope.environment.lookup(key);
    case 'matrix':
      return scope.matrix?.[key];
    case 'replica':
      return scope.replica ?? undefined;
    case 'replicas':
      return scope.replicas ?? undefined;
    case 'cpu_count':
      return scope.cpuCount;
    default:
      return later;
  }
}
