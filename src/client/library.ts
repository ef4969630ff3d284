/** What `import … from 'mpctl/client'` gives. */
export { connect } from './connect.ts';
export { serve } from './serve.ts';
export { worker, type Worker } from './worker.ts';
export type { Run } from './run.ts';
export type { Door } from './open-stream.ts';
export type { Barrier, BarrierState } from './barrier.ts';
export type { Condition } from './condition.ts';
export type { Event } from './event.ts';
export type { Held } from './held.ts';
export type { Holder, Holders } from './holders.ts';
export type { Lock } from './lock.ts';
export type { Pipe } from './pipe.ts';
export type { Pool } from './pool.ts';
export type { Process } from './process.ts';
export type { ProcessState } from './process-state.ts';
export type { ItemsOptions, PutOptions, Queue, QueueState } from './queue.ts';
export type { PermitOptions, Semaphore } from './semaphore.ts';
export type { Value } from './value.ts';
export type { WaitOptions } from './wait-options.ts';
export type { Json } from '../base/json.ts';
export type { Task } from './task.ts';
export { TaskFailed } from './task-failed.ts';
export { MpctlError, type ClientErrorKind } from './mpctl-error.ts';
export {
  AlreadyClosed,
  AuthenticationError,
  Broken,
  BrokenBarrier,
  Cancelled,
  Closed,
  Deadlock,
  Disconnected,
  Empty,
  Ended,
  Full,
  Impossible,
  InvalidCall,
  NotDeclared,
  NotFound,
  NotInRun,
  NotOwner,
  Refused,
  TimedOut,
  TooLarge,
  UnexpectedAnswer,
  WouldBlock,
} from './errors.ts';
