import { unreachable } from '../../base/invariant.ts';
import { shapeOf, type MappingShape, type Shape } from './shape.ts';

/**
 * How a value of this shape is written, with words in capitals for what the user chooses; null where the
 * schema gives no sample, as for one of a few words, which the sentence lists anyway.
 */
export function sampleOf(shape: Shape): string | null {
  if (shape.rule.sample !== undefined) return shape.rule.sample;
  switch (shape.type) {
    case 'free':
    case 'leaf':
      return null;
    case 'list': {
      const count = Math.max(shape.elements.length, shape.fewest);
      const items = Array.from({ length: count }, (_, index) => {
        const element = shape.elements[Math.min(index, shape.elements.length - 1)];
        return element === undefined ? null : sampleOf(shapeOf(element));
      });
      return items.includes(null) ? null : `[${items.join(', ')}]`;
    }
    case 'mapping':
      return sampleOfMapping(shape);
    case 'record': {
      const value = sampleOf(shapeOf(shape.value));
      return value === null ? null : `{ NAME: ${value} }`;
    }
    case 'union': {
      const { leaves, list, mappings } = shape;
      // The first that has one: steps hold steps, so that to ask all of them would have no end.
      for (const alternative of [...leaves, ...(list === null ? [] : [list]), ...mappings]) {
        const sample = sampleOf(alternative);
        if (sample !== null) return sample;
      }
      return null;
    }
    default:
      return unreachable(shape);
  }
}

/** A mapping with nothing but what must be in it, or else with its first key. */
function sampleOfMapping({ members, rule }: MappingShape): string | null {
  const required = [...members.values()].filter((member) => member.required).map(({ key }) => key);
  const keys = required.length > 0 ? required : [...(rule.exactlyOne ?? members.keys())].slice(0, 1);
  const entries = keys.map((key) => sampleOfKey(members, key));
  return entries.length === 0 || entries.includes(null) ? null : `{ ${entries.join(', ')} }`;
}

/** `key: VALUE` as it could stand in a mapping; null where the schema gives no sample. */
export function sampleOfKey(members: MappingShape['members'], key: string): string | null {
  const member = members.get(key);
  const value = member === undefined ? null : sampleOf(shapeOf(member.schema));
  return value === null ? null : `${key}: ${value}`;
}
