import type { Json } from '../base/json.ts';

/** A primitive as the plan declares it; all figures are whole numbers. */
export type PrimitiveDefinition =
  | { readonly kind: 'lock'; readonly name: string; readonly reentrant: boolean }
  | {
      readonly kind: 'semaphore';
      readonly name: string;
      readonly permits: number;
      /** A release beyond the initial permits is refused. */
      readonly bounded: boolean;
      /** Strictly in order of arrival, also past a demand that does not fit yet. */
      readonly fair: boolean;
    }
  | { readonly kind: 'event'; readonly name: string; readonly set: boolean }
  | { readonly kind: 'condition'; readonly name: string; readonly lock: string }
  | { readonly kind: 'barrier'; readonly name: string; readonly parties: number; readonly timeoutMs: number | null }
  | {
      readonly kind: 'queue';
      readonly name: string;
      /** Items at most; null is unbounded. */
      readonly capacity: number | null;
      readonly order: 'fifo' | 'lifo' | 'priority';
      readonly items: readonly Json[];
      readonly onConsumerDeath: 'redeliver' | 'drop';
    }
  | {
      readonly kind: 'pipe';
      readonly name: string;
      /** Messages under way at most, per direction; null is unbounded. */
      readonly capacity: number | null;
      /** The two instances; with `duplex: false` the first sends and the second receives. */
      readonly ends: readonly [string, string];
      readonly duplex: boolean;
    }
  | { readonly kind: 'value'; readonly name: string; readonly initial: Json };
