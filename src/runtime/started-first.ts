import { type RunEvent, type RunEventBody, stampEvent } from '../engine/run-event.ts';

/**
 * Tells of nothing before `run.started`, and of no time before the last one that it told: what there is to say while a run
 * is made comes after that. `atMs` is when it was; left out for now.
 */
export function startedFirst(tell: (event: RunEvent) => void, nowMs: () => number): (body: RunEventBody, atMs?: number) => void {
  let toldMs = 0;
  const report = (body: RunEventBody, atMs = nowMs()): void => {
    toldMs = Math.max(toldMs, Math.round(atMs));
    tell(stampEvent(body, toldMs));
  };
  let early: RunEventBody[] | null = [];
  return (body, atMs) => {
    if (early === null) {
      report(body, atMs);
    } else if (body.type === 'run.started') {
      const bodies = [body, ...early];
      early = null;
      for (const each of bodies) report(each);
    } else {
      early.push(body);
    }
  };
}
