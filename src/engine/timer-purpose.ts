import type { ProcessKey } from './engine-event.ts';

/** What a timer of the engine is for. */
export type TimerPurpose =
  | { readonly type: 'dependency_timeout'; readonly unit: string; readonly index: number }
  | { readonly type: 'attempt_timeout'; readonly instance: string }
  | { readonly type: 'task_timeout'; readonly pool: string; readonly task: number }
  | { readonly type: 'step_timeout'; readonly machine: string }
  | { readonly type: 'sleep'; readonly machine: string }
  | { readonly type: 'continue_machine'; readonly machine: string }
  | { readonly type: 'backoff'; readonly instance: string }
  | { readonly type: 'worker_timeout'; readonly pool: string; readonly slot: number }
  | { readonly type: 'worker_grace'; readonly pool: string; readonly slot: number; readonly key: ProcessKey }
  | { readonly type: 'task_backoff'; readonly pool: string; readonly task: number }
  | { readonly type: 'pool_progress'; readonly pool: string }
  | { readonly type: 'grace'; readonly key: ProcessKey }
  | { readonly type: 'probe'; readonly instance: string; readonly kind: 'readiness' | 'liveness' }
  | { readonly type: 'call_timeout'; readonly call: number }
  | { readonly type: 'stop_budget' }
  | { readonly type: 'finally_timeout'; readonly unit: string }
  | { readonly type: 'run_timeout' }
  | { readonly type: 'deadlock_check' }
  | { readonly type: 'retell_waits' };
