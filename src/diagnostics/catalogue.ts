import { codes0xx } from './codes-0xx.ts';
import { codes1xx } from './codes-1xx.ts';
import { codes2xx } from './codes-2xx.ts';
import { codes3xx } from './codes-3xx.ts';
import { codes4xx } from './codes-4xx.ts';
import { codes5xx } from './codes-5xx.ts';
import { codes6xx } from './codes-6xx.ts';
import { codes7xx } from './codes-7xx.ts';
import { codes8xx } from './codes-8xx.ts';
import { codes9xx } from './codes-9xx.ts';

const allCodes = () =>
  ({
    ...codes0xx,
    ...codes1xx,
    ...codes2xx,
    ...codes3xx,
    ...codes4xx,
    ...codes5xx,
    ...codes6xx,
    ...codes7xx,
    ...codes8xx,
    ...codes9xx,
  }) as const;

let made: ReturnType<typeof allCodes> | null = null;

/**
 * Every code there is. Append-only: a retired number is never reused. Made at the first finding: of two hundred keys
 * it is a millisecond, which a start without findings is spared.
 */
export function catalogue(): ReturnType<typeof allCodes> {
  made ??= allCodes();
  return made;
}

/** The stable name of a finding. */
export type DiagnosticCode = keyof ReturnType<typeof allCodes>;
