/** One text that diagnostics can point into; `name` is the path as the user wrote it. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** Half-open range of UTF-16 offsets into one source. */
export interface SourceRange {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;
}
