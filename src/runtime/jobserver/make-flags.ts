/*
 * What MAKEFLAGS says of a jobserver, and how it is said: https://www.gnu.org/software/make/manual/html_node/POSIX-Jobserver.html.
 * A blank or a backslash within a word has a backslash before it.
 */

/** How a jobserver is found: by two inherited descriptors, as every make knows, or by a named pipe, as make does from 4.4 on. */
export type JobserverAuth =
  | { readonly type: 'descriptors'; readonly read: number; readonly write: number }
  | { readonly type: 'fifo'; readonly path: string }
  /** Make has written something else there: it may not be used here. */
  | { readonly type: 'none'; readonly written: string };

/** The jobserver that is named last; null where none is. */
export function authOf(makeflags: string): JobserverAuth | null {
  const written = options(makeflags).map((word) => authWord.exec(word)?.groups?.['auth']).findLast((auth) => auth !== undefined);
  if (written === undefined) return null;
  const auth = written.replaceAll(/\\(.)/gsu, '$1');
  if (auth.startsWith('fifo:')) return { type: 'fifo', path: auth.slice('fifo:'.length) };
  const { read, write } = /^(?<read>\d{1,9}),(?<write>\d{1,9})$/u.exec(auth)?.groups ?? {};
  if (read === undefined || write === undefined) return { type: 'none', written: auth };
  return { type: 'descriptors', read: Number(read), write: Number(write) };
}

/** Whether make was called with `-n`: it shows what it would do. */
export function isDryRun(makeflags: string): boolean {
  return letters(makeflags).includes('n');
}

/** The same flags with another jobserver of so many jobs, or with none. */
export function withJobserver(makeflags: string, jobserver: { readonly jobs: number | null; readonly auth: string } | null): string {
  const first = letters(makeflags);
  const all = words(makeflags);
  const rest = first === '' ? all : all.slice(1);
  const end = endOfOptions(rest);
  const kept = [...rest.slice(0, end).filter((word) => !authWord.test(word) && !jobsWord.test(word)), ...rest.slice(end)];
  if (jobserver !== null) kept.unshift(...(jobserver.jobs === null ? [] : [`-j${String(jobserver.jobs)}`]), `--jobserver-auth=${jobserver.auth}`);
  // Without single letters it begins with a blank, or the first word would be taken for them.
  return kept.length === 0 ? first : `${first} ${kept.join(' ')}`;
}

/** How many jobs make was called for; null where it does not say. */
export function jobsOf(makeflags: string): number | null {
  const written = options(makeflags).map((word) => /^-j(?<jobs>\d+)$/u.exec(word)?.groups?.['jobs']).findLast((jobs) => jobs !== undefined);
  return written === undefined ? null : Number(written);
}

const authWord = /^--jobserver-(?:auth|fds)=(?<auth>.*)$/su;
const jobsWord = /^(?:-j\d*|--jobs(?:=\d*)?)$/u;

function words(makeflags: string): readonly string[] {
  return makeflags.match(/(?:\\.|[^\s\\])+/gsu) ?? [];
}

/** The first word, where it is made of the letters of options. */
function letters(makeflags: string): string {
  const [first = ''] = words(makeflags);
  return makeflags.startsWith(first) && /^[A-Za-z]+$/u.test(first) ? first : '';
}

/** Variables follow; one of them may look like an option. */
function options(makeflags: string): readonly string[] {
  const all = words(makeflags);
  return all.slice(0, endOfOptions(all));
}

function endOfOptions(all: readonly string[]): number {
  const end = all.indexOf('--');
  return end < 0 ? all.length : end;
}
