import { readdirSync, readFileSync } from 'node:fs';

/** What a process has computed, by what the scheduler has counted of all of its threads: the first figure of each `schedstat`, in ns. */
export function cpuMsOf(pid: number): number {
  const tasks = `/proc/${String(pid)}/task`;
  const spent = readdirSync(tasks).map((task) => Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]));
  return spent.reduce((sum, one) => sum + one, 0) / 1e6;
}
