/**
 * Replaces the text between `<!-- generated: NAME -->` and `<!-- end: NAME -->` for each name.
 *
 * @throws Error when a block is missing, or when the text has one that nobody generates.
 */
export function fillBlocks(text: string, blocks: Readonly<Record<string, string>>): string {
  const found = new Set<string>();
  const filled = text.replaceAll(
    /(<!-- generated: (\S+) -->\n)[\s\S]*?(<!-- end: \2 -->)/g,
    (_whole, head: string, name: string, tail: string) => {
      const content = blocks[name];
      if (content === undefined) throw new Error(`nothing generates the block \`${name}\``);
      found.add(name);
      return `${head}\n${content}\n\n${tail}`;
    },
  );
  const missing = Object.keys(blocks).filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`the text has no block for ${missing.join(', ')}`);
  return filled;
}

/** The content of one block as it stands in the text; empty where there is none. */
export function readBlock(text: string, name: string): string {
  const pattern = new RegExp(`<!-- generated: ${name} -->\\n\\n([\\s\\S]*?)\\n\\n<!-- end: ${name} -->`);
  return pattern.exec(text)?.[1] ?? '';
}
