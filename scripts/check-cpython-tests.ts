/**
 * Compares the list of CPython's tests, each of which is a row of the table of conformance or has a reason
 * why it is none, with the tests of CPython 3.11 themselves. They come with the interpreter or, on Debian,
 * with the package `libpython3.11-testsuite`; `.ci/run` installs it. A folder of them may be named.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { differences, testsOf } from './cpython-tests.ts';

const folder = process.argv[2] ?? '/usr/lib/python3.11/test';
const listed = readFileSync(new URL('../test/conformance/python/cpython-tests.txt', import.meta.url), 'utf8').trim().split('\n');
const inSources = ['lock_tests.py', '_test_multiprocessing.py'].flatMap((file) => testsOf(readFileSync(join(folder, file), 'utf8')));
const found = differences(listed, inSources);
for (const difference of found) process.stderr.write(`check-cpython-tests: ${difference}\n`);
if (found.length > 0) process.exitCode = 1;
else process.stdout.write(`check-cpython-tests: the ${String(listed.length)} tests of the list are those of ${folder}\n`);
