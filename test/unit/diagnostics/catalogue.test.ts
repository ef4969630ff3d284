import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../src/diagnostics/catalogue.ts';

const entries = Object.entries(catalogue());

describe('catalogue', () => {
  it.each(entries)('%s says what is wrong and why, for people', (code, { slug, title, explanation }) => {
    expect(code).toMatch(/^MP\d{3}$/u);
    expect(slug).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u);
    expect(title).not.toMatch(/\.$|\n/u);
    expect(explanation).toMatch(/\.$/u);
  });

  it('uses every slug once', () => {
    const slugs = entries.map(([, { slug }]) => slug);
    expect(new Set(slugs).size).toBe(slugs.length);
  });
});
