/** One option of `mpctl pool`. */
export interface JobFlag {
  readonly long: string;
  /** Other spellings: one letter, or a long one of GNU parallel. */
  readonly others: readonly string[];
  /** What it takes; null takes none. */
  readonly value: string | null;
  readonly meaning: string;
}

/** In the order of the help. */
export const jobFlags = [
  { long: '--jobs', others: ['-j', '-P', '--max-procs'], value: 'N', meaning: 'so many jobs at once: 4, 50%, +1 or -1 of the CPUs, 0 for as many as 250 (100%)' },
  { long: '--keep-order', others: ['-k', '--keeporder'], value: null, meaning: 'output in the order of the items, and not as jobs end' },
  { long: '--joblog', others: [], value: 'FILE', meaning: 'a line for each job that has ended; +FILE adds to what is there' },
  { long: '--resume', others: [], value: null, meaning: 'leave out the jobs that the job log has' },
  { long: '--resume-failed', others: [], value: null, meaning: 'leave out the jobs that have succeeded in it' },
  { long: '--retry-failed', others: [], value: null, meaning: 'run what has failed in the job log again, by the commands written there' },
  { long: '--retries', others: [], value: 'N', meaning: 'try a job that fails up to N times in all, 0 without end (1)' },
  { long: '--timeout', others: [], value: 'TIME', meaning: 'stop a job that takes longer: 5, 1.5, 2m30s, or 200% of the median' },
  { long: '--halt', others: [], value: 'RULE', meaning: 'now|soon,fail|success|done=N|N%: when to stop before the end (never)' },
  { long: '--bar', others: [], value: null, meaning: 'progress on standard error, where that is a terminal; reads all items at once' },
  { long: '--null', others: ['-0'], value: null, meaning: 'items end with NUL, as those of `find -print0`' },
  { long: '--dry-run', others: ['--dryrun'], value: null, meaning: 'print the commands and run none' },
  { long: '--no-color', others: [], value: null, meaning: 'no colour (as does NO_COLOR; FORCE_COLOR asks for it)' },
] as const satisfies readonly JobFlag[];

/** The long name of one of them. */
export type JobFlagName = (typeof jobFlags)[number]['long'];

const byName: ReadonlyMap<string, (typeof jobFlags)[number]> = new Map(
  jobFlags.flatMap((flag) => [flag.long, ...flag.others].map((name) => [name, flag] as const)),
);

/** The option that is called so; undefined where there is none. */
export function findJobFlag(name: string): (typeof jobFlags)[number] | undefined {
  return byName.get(name);
}
