import { Option } from 'commander';
import { didYouMean } from '../src/base/did-you-mean.ts';
import { makeDiagnostic } from '../src/diagnostics/make-diagnostic.ts';
import { UsageError } from './usage-error.ts';

/** A flag that takes one of a few words. */
export function defineChoice<Word extends string>(
  flags: string,
  description: string,
  words: readonly [Word, ...Word[]],
): Option {
  const option = new Option(`${flags} <WORD>`, description).choices(words);
  return option.argParser((value): Word => {
    const word = words.find((each) => each === value);
    if (word !== undefined) return word;
    const meant = didYouMean(value, words);
    throw badValue(option, value, `one of ${words.map((each) => `\`${each}\``).join(', ')}`, meant);
  });
}

/** `--format`; the first word is the default. */
export function defineFormat<Word extends string>(words: readonly [Word, ...Word[]]): Option {
  return defineChoice('--format', 'form of the output', words).default(words[0]);
}

/** Refuses the value of a flag. `expected` completes "expects …". */
export function badValue(option: Option, value: string, expected: string, meant: string | null): UsageError {
  const flag = option.long ?? option.flags;
  return new UsageError(
    makeDiagnostic('MP003', `\`${flag}\` expects ${expected}, found \`${value}\``, {
      hint: meant === null ? null : `did you mean \`${flag} ${meant}\`?`,
    }),
  );
}
