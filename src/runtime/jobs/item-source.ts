/** Items before their job needs them. */
export interface ItemSource {
  /** Takes the items of the next job, one of each source; undefined where none is there at the moment, or ever. */
  take(): readonly string[] | undefined;
  /** Whether everything was taken. */
  readonly isAtEnd: boolean;
  /** Asks for more, which `onMore` tells. */
  wantMore(): void;
  close(): void;
}

/** What a source tells. */
export interface ItemListener {
  readonly onMore: () => void;
  readonly onFailure: (error: Error) => void;
}
