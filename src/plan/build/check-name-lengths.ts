import type { NamedInstance } from '../name-instances.ts';
import type { FillPlace } from './fill-place.ts';

/** File systems take 255 bytes, and a log file is called as its instance, with `.log.10` behind it. */
const longestName = 240;

const sections = ['processes', 'daemons', 'finally'] as const;

/** An instance or slot whose name is too long for a file would lose what it writes. */
export function checkNameLengths(
  at: FillPlace,
  instances: ReadonlyMap<string, readonly NamedInstance[]>,
  workers: ReadonlyMap<string, number>,
): void {
  for (const section of sections) {
    for (const process of Object.keys(at.context.loaded.spec[section])) {
      const names = (instances.get(process) ?? []).map(({ name }) => name);
      checkLongest(at.below(section).below(process), names);
    }
  }
  for (const [pool, count] of workers) checkLongest(at.below('pools').below(pool), [`${pool}-${count}`]);
}

function checkLongest({ context, place }: FillPlace, names: readonly string[]): void {
  const tooLong = names.find((name) => name.length > longestName);
  if (tooLong === undefined) return;
  context.report(
    'MP109',
    { place, part: 'key' },
    `the name \`${tooLong.slice(0, 40)}…\` has ${tooLong.length} characters, and a name of what runs has at most ${longestName}`,
    { hint: 'give it a shorter name: its log file is called like it' },
  );
}
