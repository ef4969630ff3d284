/** A name near to one that cannot be used; null where none is. */
export function nameHint(written: string): string | null {
  const corrected = written
    .replace(/^x-/, '')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .replace(/^(?=\d)/, '_');
  return /^[A-Za-z_]/.test(corrected) ? `write \`${corrected}\`` : null;
}
