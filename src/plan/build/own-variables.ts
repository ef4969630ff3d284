import { later } from '../../base/render-template.ts';
import type { PoolSpec } from '../../spec/schema/pool.ts';
import type { NamedInstance } from '../name-instances.ts';
import type { InstancePlan } from '../plan.ts';
import type { BuildContext } from './build-context.ts';
import type { ScopeLayer } from './environment-scope.ts';

/** What a process has only from its start: the way to the door, the secret of its own, and the mark of the run. */
export const givenAtStart: ReadonlySet<string> = new Set(['MPCTL_SOCKET', 'MPCTL_AUTHKEY', 'MPCTL_RUN_IDS']);

/** Of the whole run, and so known to every text that is completed while it goes on. */
const ofTheRun = ['MPCTL_RUN_ID', 'MPCTL_RUN_DIR'];

/** The variables that mpctl gives one part of the spec on top of everything. */
export interface OwnVariables {
  /** For its command, its steps and its streams. */
  readonly work: ScopeLayer;
  /** For what is filled in apart from them. */
  readonly apart: ScopeLayer;
}

/** Those of an instance: some are known at load, some only while it runs. */
export function instanceVariables(context: BuildContext, kind: InstancePlan['kind'], instance: NamedInstance): OwnVariables {
  const known = new Map([
    ['MPCTL_PROCESS', instance.name],
    ['MPCTL_REPLICA', String(instance.replica)],
    ['MPCTL_REPLICAS', String(instance.replicas)],
    ...Object.entries(instance.matrix).map(([key, value]) => [matrixVariable(key), value] as const),
  ]);
  const outcome = kind === 'finally' ? ['MPCTL_OUTCOME'] : [];
  return variables(known, [...tokensOf(context), 'MPCTL_ATTEMPT', ...outcome]);
}

/** Those of a pool: which task and which slot it is only the run knows. A long-lived worker is none of a task. */
export function poolVariables(context: BuildContext, { tasks, worker }: PoolSpec): OwnVariables {
  if (worker !== undefined) return variables(new Map(), ['MPCTL_PROCESS', 'MPCTL_ATTEMPT', 'MPCTL_WORKER']);
  const matrix = tasks !== undefined && 'matrix' in tasks ? tasks.matrix : null;
  const { include = [], exclude: _, ...keys } = matrix ?? {};
  const matrixKeys = [...Object.keys(keys), ...include.flatMap((combination) => Object.keys(combination))];
  const ofTask = ['MPCTL_PROCESS', 'MPCTL_ATTEMPT', 'MPCTL_ITEM', 'MPCTL_TASK', 'MPCTL_WORKER'];
  return variables(new Map(), [...tokensOf(context), ...ofTask, ...matrixKeys.map(matrixVariable)]);
}

function variables(known: ReadonlyMap<string, string>, whileItRuns: readonly string[]): OwnVariables {
  return { work: layer(known, [...ofTheRun, ...whileItRuns]), apart: layer(known, ofTheRun) };
}

function layer(known: ReadonlyMap<string, string>, whileItRuns: readonly string[]): ScopeLayer {
  const late = new Set(whileItRuns);
  return {
    get: (name) => known.get(name) ?? (late.has(name) ? later : undefined),
    keys: () => [...known.keys(), ...late],
  };
}

function tokensOf({ loaded: { spec } }: BuildContext): readonly string[] {
  return Object.keys(spec.locks).map((name) => `MPCTL_TOKEN_${upperCase(name)}`);
}

function matrixVariable(key: string): string {
  return `MATRIX_${upperCase(key)}`;
}

function upperCase(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
