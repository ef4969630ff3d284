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

/** Every code there is. Append-only: a retired number is never reused. */
export const catalogue = {
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
} as const;

/** The stable name of a finding. */
export type DiagnosticCode = keyof typeof catalogue;
