import { InvalidCall } from './errors.ts';

/** What JSON has no word for, and where it is. */
interface Fault {
  readonly place: string;
  readonly found: unknown;
}

/**
 * JSON text of what is to be sent. `JSON.stringify` writes null for numbers that JSON does not have and, in
 * a list, for what is no value: only where its text has a null somewhere is it looked whether that was meant.
 *
 * @throws InvalidCall for what JSON cannot carry.
 */
export function toJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    // A BigInt, or an object within itself.
    throw new InvalidCall('invalid_params', `it is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (text === undefined) throw noJson({ place: '', found: value });
  const fault = text.includes('null') ? falseNull(value) : null;
  if (fault !== null) throw noJson(fault);
  return text;
}

/** What is undefined in an object is left out of it, and becomes no null; what has a `toJSON` may say null. */
function falseNull(value: unknown): Fault | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : { place: '', found: value };
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return null;
  if (isArray(value)) {
    for (const [index, one] of value.entries()) {
      const fault = isNoValue(one) ? { place: '', found: one } : falseNull(one);
      if (fault !== null) return { ...fault, place: `[${String(index)}]${fault.place}` };
    }
    return null;
  }
  for (const [key, one] of Object.entries(value)) {
    const fault = falseNull(one);
    if (fault !== null) return { ...fault, place: `.${key}${fault.place}` };
  }
  return null;
}

function isArray(value: object): value is readonly unknown[] {
  return Array.isArray(value);
}

function isNoValue(value: unknown): boolean {
  return value === undefined || typeof value === 'function' || typeof value === 'symbol';
}

function noJson({ place, found }: Fault): InvalidCall {
  const what = typeof found === 'function' ? 'a function' : String(found);
  return new InvalidCall('invalid_params', `${place === '' ? 'it' : `\`${place.replace(/^\./u, '')}\``} is ${what}, which is no JSON`);
}
