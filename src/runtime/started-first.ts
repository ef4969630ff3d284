import { type RunEvent, type RunEventBody, stampEvent } from '../engine/run-event.ts';

/** Tells of nothing before `run.started`, and of the time at which it tells: what there is to say while a run is made comes after that. */
export function startedFirst(tell: (event: RunEvent) => void, nowMs: () => number): (body: RunEventBody) => void {
  const report = (body: RunEventBody): void => tell(stampEvent(body, Math.round(nowMs())));
  let early: RunEventBody[] | null = [];
  return (body) => {
    if (early === null) {
      report(body);
    } else if (body.type === 'run.started') {
      const bodies = [body, ...early];
      early = null;
      for (const each of bodies) report(each);
    } else {
      early.push(body);
    }
  };
}
