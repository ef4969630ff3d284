/** Tests of CPython that a later release of 3.11 has than the one whose sources may be at hand. */
const ofLaterReleases: ReadonlySet<string> = new Set(['RLockTests.test_recursion_count']);

/** The test methods in a source of Python, as `Class.method`: those of classes that stand by themselves. */
export function testsOf(source: string): readonly string[] {
  const tests: string[] = [];
  let className: string | null = null;
  for (const line of source.split('\n')) {
    const opened = /^class (?<name>\w+)/u.exec(line)?.groups?.['name'];
    if (opened !== undefined) className = opened;
    else if (/^\S/u.test(line) && !/^[#@)]/u.test(line)) className = null;
    const method = /^ {4}def (?<name>test\w*)\(/u.exec(line)?.groups?.['name'];
    if (className !== null && method !== undefined) tests.push(`${className}.${method}`);
  }
  return tests;
}

/** In what a list of tests is another than the sources have for the classes that it names. */
export function differences(listed: readonly string[], inSources: readonly string[]): readonly string[] {
  const classes = new Set(listed.map(classOf));
  const missing = inSources.filter((test) => classes.has(classOf(test)) && !listed.includes(test));
  const unknown = listed.filter((test) => !inSources.includes(test) && !ofLaterReleases.has(test));
  return [...missing.map((test) => `${test} is not in the list`), ...unknown.map((test) => `${test} is in the list, and CPython has no such test`)];
}

function classOf(test: string): string {
  return test.replace(/\..*$/u, '');
}
