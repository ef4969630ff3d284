import { parseTemplate } from '../../base/parse-template.ts';
import { Template } from '../../base/template.ts';
import { anyKey, type GapNode } from '../../spec/gaps.ts';
import type { FillPlace } from './fill-place.ts';

/**
 * Whether a name that stands for nothing, or for something wrong, may be given by a part of the spec that
 * could not be read: in an environment around this place, or in its matrix.
 */
export function isInGaps(at: FillPlace, [root, name = '']: readonly string[]): boolean {
  const { gaps } = at.context;
  if (gaps.isEmpty || (root !== 'env' && root !== 'matrix')) return false;
  return at.place.some((_, length) =>
    gaps.at(at.place.slice(0, length)).some(({ children }) => {
      if (children.has(anyKey)) return true;
      // The keys of a matrix come from its combinations too.
      if (root === 'matrix') return children.has('matrix');
      // What stands beside in the same environment gives nothing.
      return children.has('env_file') || (at.place[length] !== 'environment' && mayGive(children.get('environment'), name));
    }),
  );
}

/** Whether a mapping with gaps may give this name: it itself, all of it, or what is no name. */
function mayGive(given: GapNode | undefined, name: string): boolean {
  if (given === undefined) return false;
  const { isGap, children } = given;
  return isGap || children.has(name) || [...children].some(([key, child]) => (typeof key === 'number' ? mayGive(child, name) : !/^\w+$/.test(key)));
}

/** Whether any name in a text is such a name. */
export function namesGaps(at: FillPlace, raw: string): boolean {
  const parsed = parseTemplate(raw);
  if (!parsed.ok || !(parsed.value instanceof Template)) return false;
  return parsed.value.parts.some((part) => typeof part === 'object' && isInGaps(at, part.path));
}
