/** Prints what the guardian of its run has computed until now, in ms, and the memory that it has, in kB. */
import { readFileSync } from 'node:fs';

const isGuardian = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes('mpctl-guardian');
const children = readFileSync(`/proc/${process.ppid}/task/${process.ppid}/children`, 'latin1').trim().split(' ');
const pid = children.find(isGuardian);
const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
const kilobytesOf = (name) => new RegExp(`^${name}:\\s+(\\d+) kB$`, 'mu').exec(memory)[1];
const [spentNs] = readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ');
console.log(`own ${(Number(spentNs) / 1e6).toFixed(3)} rss ${kilobytesOf('Rss')} pss ${kilobytesOf('Pss')}`);
