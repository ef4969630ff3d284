import type { SourceRange } from '../../diagnostics/source.ts';
import type { Dependency } from '../plan.ts';
import type { Locate } from './rule.ts';

/** The name that is waited for: an item of a list, or the key of a map. */
export function locateDependency(locate: Locate, dependency: Dependency): SourceRange {
  return locate(dependency.place, typeof dependency.place.at(-1) === 'number' ? 'value' : 'key');
}
