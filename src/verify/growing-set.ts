/** A set of actors that is being put together for a state. */
export interface GrowingSet {
  readonly state: Int32Array;
  readonly isMember: (actor: number) => boolean;
  readonly add: (actor: number) => void;
}
