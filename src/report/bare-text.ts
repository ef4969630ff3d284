/*
 * Control sequences as ECMA-48 has them (5.3 to 5.6), in their seven-bit and eight-bit forms.
 * Node's own `stripVTControlCharacters` takes the text up to a later bell with them.
 */

/** CSI up to its final byte: colours, the cursor, the screen. */
// oxlint-disable-next-line no-control-regex -- Escape is what they begin with.
const controlSequences = /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]/g;
/** Strings up to their terminator, such as the title of a window. */
const commandStrings =
  // oxlint-disable-next-line no-control-regex -- Escape is what they begin with.
  /(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)/g;
/** All other escapes. */
// oxlint-disable-next-line no-control-regex -- Escape is what they begin with.
const escapes = /\u001B[ -/]*[0-~]/g;
/** Control characters that would move the cursor or ring; a tab stays. */
// oxlint-disable-next-line no-control-regex -- They are what is looked for.
const controlCharacters = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/g;

/** A text without control sequences and control characters; tabs stay. */
export function bareText(text: string): string {
  return [commandStrings, controlSequences, escapes, controlCharacters].reduce(
    (rest, pattern) => rest.replaceAll(pattern, ''),
    text,
  );
}

/**
 * A text that tells of a run, on one line and fit for a terminal: what it quotes, such as the item
 * of a task, may hold anything.
 */
export function bareLine(text: string): string {
  return bareText(text.replaceAll(/\s+/g, ' ')).trim();
}
