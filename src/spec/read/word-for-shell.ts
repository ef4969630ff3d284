const variable = /\$(?:\{(?<braced>[A-Za-z_]\w*)\}|(?<bare>[A-Za-z_]\w*))/g;
const substitution = /\$\([A-Za-z_./][^()]*\)/;

/** What only a shell would understand of a text: the first `$NAME`, or else `$(COMMAND)`; null where there is none. */
export function wordForShell(text: string): string | null {
  const name = text.match(variable)?.[0].replaceAll(/[{}]/g, '') ?? null;
  return name ?? substitution.exec(text)?.[0] ?? null;
}

/**
 * How a text that was meant for a shell is written without one. `spec` is the whole file: a name that a step
 * keeps there is a variable of the steps, and any other one of the environment. A command needs a shell.
 */
export function withoutShell(spec: string, text: string): string {
  if (substitution.test(text)) {
    const isPlain = !/["\\`\n]|\$\{\{/.test(text);
    return `a \`run\` step has a shell: ${isPlain ? `\`run: 'echo "${text.replaceAll("'", "''")}"'\`` : '`run: echo …`'}`;
  }
  const corrected = text.replaceAll(variable, (_, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare ?? '';
    return `\${{ ${isKept(spec, name) ? 'vars' : 'env'}.${name} }}`;
  });
  return `write \`${corrected}\``;
}

/** Whether somewhere in the file stands `as: NAME`; to look no closer is enough for a hint. */
function isKept(spec: string, name: string): boolean {
  return new RegExp(`\\bas["']?:\\s*["']?${name}\\b`).test(spec);
}
