import type { Severity } from './severity.ts';

/** Puts colour around a text, or leaves it as it is. */
export interface Paint {
  severity(severity: Severity, text: string): string;
  bold(text: string): string;
  dim(text: string): string;
  frame(text: string): string;
}

const plainText: Paint = {
  severity: (_, text) => text,
  bold: (text) => text,
  dim: (text) => text,
  frame: (text) => text,
};

const severityColor: Readonly<Record<Severity, number>> = { error: 31, warning: 33, note: 36 };

/** SGR sequences of ECMA-48; the end codes leave other attributes alone. */
const colored: Paint = {
  severity: (severity, text) => `\u001B[1;${severityColor[severity]}m${text}\u001B[0m`,
  bold: (text) => `\u001B[1m${text}\u001B[22m`,
  dim: (text) => `\u001B[2m${text}\u001B[22m`,
  frame: (text) => `\u001B[34m${text}\u001B[39m`,
};

/** The caller has decided about colour; this only applies the decision. */
export function paintFor(color: boolean): Paint {
  return color ? colored : plainText;
}
