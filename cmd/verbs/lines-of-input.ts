/** So much goes into one request; a line may be longer. */
const batchCharacters = 128 * 1024;

/** The lines of a text that comes in pieces, in lists as they come. A last line needs no newline. */
export async function* linesOf(input: AsyncIterable<string>): AsyncGenerator<readonly string[], void, undefined> {
  let rest = '';
  for await (const piece of input) {
    const lines = piece.split('\n');
    lines[0] = rest + (lines[0] ?? '');
    rest = lines.pop() ?? '';
    yield* batchesOf(lines);
  }
  if (rest !== '') yield [rest];
}

function* batchesOf(lines: readonly string[]): Generator<readonly string[], void, undefined> {
  let batch: string[] = [];
  let characters = 0;
  for (const line of lines) {
    if (batch.length > 0 && characters + line.length > batchCharacters) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(line);
    characters += line.length;
  }
  if (batch.length > 0) yield batch;
}
