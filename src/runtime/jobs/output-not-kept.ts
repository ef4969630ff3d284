import { systemErrorText } from '../system-error-text.ts';

/** What was to be written out has been lost before: there was no room to keep it. */
export class OutputNotKept extends Error {
  constructor(cause: unknown) {
    super(systemErrorText(cause), { cause });
  }
}
