/*
 * Numbers of a JSON text that would arrive as others: whoever reads JSON has floats of 64 bits, which count
 * to 2**53 - 1 without a gap.
 */

const longNumber = /\d{16}|[eE]\+?\d{3}/u;
const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/uy;
const integer = /^-?\d+$/u;

/** The first number of a JSON text that would not be the same after it was read; null where there is none. */
export function lostNumber(text: string): string | null {
  if (!longNumber.test(text)) return null;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') at = endOfString(text, at);
    if (character !== '-' && (character < '0' || character > '9')) continue;
    number.lastIndex = at;
    const [written = character] = number.exec(text) ?? [];
    if (isLost(written)) return written;
    at += written.length - 1;
  }
  return null;
}

/** Whether a number as it is written is read as another one: a large whole one that no float is, or one beyond all. */
export function isLost(written: string): boolean {
  const read = Number(written);
  if (!Number.isFinite(read)) return true;
  if (Number.isSafeInteger(read) || !integer.test(written)) return false;
  // What a float is written as comes back as the same float.
  return String(read) !== written && BigInt(read) !== BigInt(written);
}

/** Says it of a number that is lost. */
export function describeLost(written: string): string {
  const bound = Number.isFinite(Number(written)) ? 'beyond 2**53 - 1' : 'beyond the largest number of JSON, about 1.8e308,';
  return `${written.length > 40 ? `${written.slice(0, 40)}…` : written} is ${bound} and would not survive JSON: pass it as a string`;
}

/** The closing quote of the string that begins at `start`: the first with an even number of backslashes before it; the end where there is none. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
