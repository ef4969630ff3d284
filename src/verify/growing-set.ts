/** A set of actors that is being put together for a state. */
export interface GrowingSet {
  readonly state: Int32Array;
  readonly isMember: (actor: number) => boolean;
  /** Where any of several will do: one that is rather added than others, if that makes a difference. */
  readonly prefers?: (actor: number) => boolean;
  readonly add: (actor: number) => void;
}
