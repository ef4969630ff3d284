import { describeTask } from '../base/describe-task.ts';
import type { RunEvent, WaitReason } from '../engine/run-event.ts';
import { describeWait, describeWaits, listNames } from './describe-wait.ts';
import { formatDuration } from './format-duration.ts';
import type { RunRecord } from './run-record.ts';

/** More instances than this and the steps of the ordinary life of each are no news any more. */
const chattyInstances = 40;

/** A wait that goes on or off by itself: the lines around it say enough. */
const silentWaits = new Set(['sleep', 'backoff']);

/** How much mpctl says between the lines of the workers. */
export type Talk = 'life_and_trouble' | 'trouble';

/**
 * mpctl's own remarks on a run, one line each, without the `mpctl: ` before them. It says what a
 * reader needs to understand the lines of the workers: starts, readiness, a wait the first time it
 * is met, and everything that goes wrong. The quiet life of a run of one process is not remarked
 * on.
 */
export class Remarks {
  readonly #record: RunRecord;
  readonly #talk: Talk;
  readonly #metWaits = new Set<string>();
  #finallyIsTold = false;
  #lastSignal: string | null = null;

  /** @param record the same run, which has already taken each event that is given here */
  constructor(record: RunRecord, talk: Talk) {
    this.#record = record;
    this.#talk = talk;
  }

  /** The remarks on one event, mostly none. */
  on(event: RunEvent): readonly string[] {
    const life = this.#talk === 'life_and_trouble' ? this.#onLife(event) : [];
    const trouble = this.#onTrouble(event);
    return life.length === 0 ? trouble : [...life, ...trouble];
  }

  #onLife(event: RunEvent): readonly string[] {
    switch (event.type) {
      case 'instance.waiting':
        return [...this.#onFinally(event.instance), ...this.#onWaiting(event.instance, event.for)];
      case 'pool.waiting':
        return this.#onWaiting(event.pool, event.for);
      case 'instance.started':
        return [
          ...this.#onFinally(event.instance),
          ...(this.#isWorthTelling(event.instance) && this.#hasCompany()
            ? [`\`${event.instance}\` started${started(event.attempt, event.pid)}`]
            : []),
        ];
      case 'instance.ready':
        return this.#isWorthTelling(event.instance) ? [`\`${event.instance}\` is ready`] : [];
      case 'instance.stopping':
        return this.#isWorthTelling(event.instance)
          ? [`stopping ${event.step ? 'a step of ' : ''}\`${event.instance}\` with ${event.signal}: ${event.why}`]
          : [];
      case 'pool.started':
        return this.#onPoolStarted(event.pool);
      default:
        return [];
    }
  }

  /** Told with the first of `finally` that is not skipped at once. */
  #onFinally(instance: string): readonly string[] {
    if (this.#finallyIsTold || this.#record.instances.get(instance)?.kind !== 'finally') return [];
    this.#finallyIsTold = true;
    return ['starting what runs in `finally`'];
  }

  #onWaiting(
    instance: string,
    waits: readonly WaitReason[],
  ): readonly string[] {
    if (!this.#isWorthTelling(instance)) return [];
    const news = waits.filter((wait) => {
      const key = JSON.stringify([instance, wait.kind, wait.name, wait.detail]);
      if (silentWaits.has(wait.kind) || this.#metWaits.has(key)) return false;
      this.#metWaits.add(key);
      return true;
    });
    return news.length === 0 ? [] : [`\`${instance}\` is ${describeWaits(news)}`];
  }

  #onPoolStarted(pool: string): readonly string[] {
    const record = this.#record.pools.get(pool);
    if (record === undefined || !this.#hasCompany()) return [];
    return [
      `\`${pool}\` started with ${record.workers} ${record.workers === 1 ? 'worker' : 'workers'}`,
    ];
  }

  #onTrouble(event: RunEvent): readonly string[] {
    switch (event.type) {
      case 'run.started':
        return event.resumes === undefined ? [] : [`going on from the run ${event.resumes}`];
      case 'instance.granted':
        return onGranted(event.instance, event.ownerDied);
      case 'instance.restarting': {
        const delay = formatDuration(event.delayMs);
        return [
          `restarting \`${event.instance}\` in ${delay} (attempt ${event.attempt}): ${event.why}`,
        ];
      }
      case 'instance.ended':
        return this.#record.instances.has(event.instance) ? onEnd(event.instance, event) : [];
      case 'task.ended':
        return event.fate === 'succeeded' || event.fate === 'cancelled'
          ? []
          : [
              `${describeTask(event.task, event.item)} of \`${event.pool}\` ` +
                `${fateWords[event.fate]}: ${event.why}${hinted(event.hint)}`,
            ];
      case 'task.retrying': {
        const task = `${describeTask(event.task, event.item)} of \`${event.pool}\``;
        return [`retrying ${task} in ${formatDuration(event.delayMs)} (attempt ${event.attempt}): ${event.why}`];
      }
      case 'pool.ended':
        return onEnd(event.pool, event);
      case 'warning':
        return [`warning: ${event.message} (${event.code})`];
      case 'run.signal':
        if (event.orphaned === true) return ['stopping the run: what waited for mpctl in the foreground has ended before it'];
        return this.#onSignal(event.signal, event.rung);
      case 'run.suspended':
        return ['suspended, and every process with it: no deadline counts until it goes on'];
      case 'run.continued':
        return [`going on after ${formatDuration(event.stoppedMs)} that count for no deadline`];
      case 'run.stopping':
        // The signal has been told itself.
        return event.cause === 'done' || event.cause === 'signal'
          ? []
          : [`stopping the run: ${this.#record.failureTold(event.why) ?? event.why}`];
      case 'run.deadlock':
        return [
          event.circle
            ? 'deadlock: each of these waits for the next'
            : 'deadlock: none of these can go on',
          ...event.cycle.map(
            ({ instance, waits, holds, at }) =>
              `  \`${instance}\`${holds.length === 0 ? '' : `, which holds ${listNames(holds)},`} waits for ${describeWait(waits)}${at === null ? '' : ` (${at})`}`,
          ),
        ];
      default:
        return [];
    }
  }

  #onSignal(signal: string, rung: 1 | 2 | 3): readonly string[] {
    const isSame = this.#lastSignal === signal;
    this.#lastSignal = signal;
    return onSignal(signal, rung, isSame, this.#hasFinally());
  }

  #isWorthTelling(instance: string): boolean {
    const isKnown = this.#record.instances.has(instance) || this.#record.pools.has(instance);
    return isKnown && this.#record.instances.size <= chattyInstances;
  }

  #hasFinally(): boolean {
    return [...this.#record.instances.values()].some(({ kind }) => kind === 'finally');
  }

  #hasCompany(): boolean {
    return this.#record.instances.size + this.#record.pools.size > 1;
  }

}

const fateWords = {
  failed: 'failed',
  signalled: 'failed',
  timed_out: 'timed out',
  lost: 'was lost',
} as const;

function started(attempt: number, pid: number | null): string {
  const again = attempt === 1 ? '' : ` again, attempt ${attempt}`;
  return pid === null ? again : `${again} (pid ${pid})`;
}

/** What a signal does, and where it came from the keyboard what the next one does. */
function onSignal(signal: string, rung: 1 | 2 | 3, isSame: boolean, hasFinally: boolean): readonly string[] {
  const isKey = signal === 'SIGINT';
  const [kill, others] = hasFinally ? ['kill `finally` and ', 'all else'] : ['', 'everything'];
  if (signal === 'SIGPIPE') return ['stopping the run: nobody reads the output of mpctl any more (SIGPIPE)'];
  if (rung === 1) {
    const next = isKey ? `; press Ctrl-C again to ${kill}leave ${others} 1 s` : '';
    return [`stopping the run: mpctl was sent ${signal}${next}`];
  }
  if (rung === 3) return [`${signal}: everything is killed now`];
  const next = isKey ? '; press Ctrl-C again to kill it now' : '';
  return [`${signal} ${isSame ? 'again' : 'as well'}: ${hasFinally ? '`finally` is killed, ' : ''}${others} has 1 s left${next}`];
}

function onGranted(instance: string, ownerDied: readonly string[]): readonly string[] {
  if (ownerDied.length === 0) return [];
  const names = listNames(ownerDied);
  return [`\`${instance}\` got ${names} from a holder that ended without releasing it`];
}

function onEnd(
  name: string,
  end: { readonly state: string; readonly why: string; readonly hint?: string | null; readonly allowed: boolean },
): readonly string[] {
  if (end.state !== 'failed' && end.state !== 'skipped') return [];
  return [`\`${name}\` ${end.state}${end.allowed ? ' (allowed)' : ''}: ${end.why}${hinted(end.hint ?? null)}`];
}

function hinted(hint: string | null): string {
  return hint === null ? '' : ` (${hint})`;
}
