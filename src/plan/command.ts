import type { Place } from '../base/place.ts';
import type { Text } from '../base/template.ts';

/**
 * What is executed. A list is an argv without a shell; a string is a script that `shell` runs, with
 * `args` as `$1`, `$2` … (`$0` is the shell's own name).
 */
export type CommandPlan =
  | {
      readonly type: 'argv';
      readonly argv: readonly Text[];
      readonly place: Place;
      /** Where its `args` are written, and the place that the first of them has among the words. */
      readonly args: { readonly place: Place; readonly first: number };
    }
  | {
      readonly type: 'shell';
      /** For example `['/bin/sh', '-e', '-c']`. */
      readonly shell: readonly string[];
      readonly script: string;
      readonly args: readonly Text[];
      readonly place: Place;
    };

/**
 * One layer of an environment, in the order written. `null` passes mpctl's own variable of that name
 * on. Later layers win.
 */
export type EnvironmentLayer = readonly (readonly [name: string, value: Text | null])[];

/** Which kind of text a stream carries between lines and items. */
export type StreamFormat = 'text' | 'json';

/** Where standard input comes from. */
export type StdinPlan =
  | { readonly type: 'null' }
  | { readonly type: 'inherit' }
  | { readonly type: 'text'; readonly text: Text }
  | { readonly type: 'file'; readonly file: Text }
  | { readonly type: 'queue'; readonly queue: string; readonly format: StreamFormat }
  /** The receiving end of a pipe with `via: stdio`. */
  | { readonly type: 'pipe'; readonly pipe: string };

/** Where standard output or standard error goes. */
export type StdoutPlan =
  | { readonly type: 'log' }
  | { readonly type: 'inherit' }
  | { readonly type: 'null' }
  | { readonly type: 'file'; readonly file: Text }
  | { readonly type: 'queue'; readonly queue: string; readonly format: StreamFormat }
  /** The sending end of a pipe with `via: stdio`. */
  | { readonly type: 'pipe'; readonly pipe: string };
