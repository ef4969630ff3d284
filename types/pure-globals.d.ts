// What every JavaScript host has and the pure rooms may use, although it stands in no library of
// TypeScript but those of a browser or of Node.

/** Decodes bytes; with `fatal` it throws a TypeError on what is not valid. */
declare class TextDecoder {
  constructor(encoding?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}
