const written = /^(?<amount>\d+(?:\.\d+)?)(?<unit>[BKMG])$/;

const bytesOfUnit: Readonly<Record<string, number>> = { B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** Bytes of a size such as `64K`, `50M`, `1G` (1K is 1024 bytes), rounded down; null where it is none. */
export function parseByteSize(text: string): number | null {
  const groups = written.exec(text)?.groups;
  if (groups === undefined) return null;
  return Math.floor(Number(groups['amount']) * (bytesOfUnit[groups['unit'] ?? 'B'] ?? 1));
}
