/**
 * Words of the command line that have their meaning in the reference and are not built in this
 * version. They are refused by name instead of being taken for a slip of the pen.
 */
export const laterCommands: ReadonlySet<string> = new Set([
  'report',
]);
