import type { Place } from '../base/place.ts';
import type { Result } from '../base/result.ts';
import type { SourceFile, SourceRange } from '../diagnostics/source.ts';
import type { Gaps } from './gaps.ts';
import type { NameDoubts } from './name-doubts.ts';
import type { Spec } from './schema/spec.ts';

/** Why a file could not be read. */
export interface ReadFailure {
  readonly reason: 'missing' | 'folder' | 'permission' | 'too_large' | 'other';
  /** The system's own sentence, for `other`. */
  readonly message: string;
}

/** What loading needs of the machine; the only way out of this room. */
export interface SpecHost {
  /** mpctl's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly currentFolder: string;
  readonly cpuCount: number;
  /** Reads a whole file, or says `too_large` without reading one of more than `maxBytes`. */
  readFile(path: string, maxBytes: number): Result<Uint8Array, ReadFailure>;
  /** Reads standard input to its end, for the spec `-`. */
  readStandardInput(maxBytes: number): Result<Uint8Array, ReadFailure>;
}

/**
 * A spec that still knows where each of its values was written. One that is not whole may be looked
 * through for more that is wrong with it, and never be run.
 */
export interface LoadedSpec {
  /** What could not be read is left out or has its default: see `gaps`. */
  readonly spec: Spec;
  /** Whether nothing is wrong with it so far. */
  readonly isWhole: boolean;
  readonly gaps: Gaps;
  readonly names: NameDoubts;
  /** The files that it is written in, this one first. */
  readonly sources: readonly SourceFile[];
  /** As the user named it; for a folder, the file found in it. */
  readonly file: string;
  /**
   * Where a key or value was written: through aliases, merge keys and included files. The nearest
   * enclosing range where the exact one does not exist, as for a default.
   */
  locate(place: Place, part: 'key' | 'value'): SourceRange;
  /** Absolute folder of the file in which this place is written; what `env_file` is relative to. */
  folderOf(place: Place): string;
}
