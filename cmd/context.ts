import { DiagnosticBag } from '../src/diagnostics/bag.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { renderText } from '../src/diagnostics/render-text.ts';
import { wantsColor } from './color.ts';
import type { Exit } from './exit.ts';
import type { Host, OutputStream } from './host.ts';

/** Width of what is printed where no terminal says its own. */
export const defaultColumns = 100;

/** What every command needs: the host, the flags that all commands share, and where its exit goes. */
export class CommandContext {
  readonly host: Host;
  /** Set by the command; null means that it never ran. */
  exit: Exit | null = null;
  /** False after `--no-color`. */
  colorFlag = true;

  constructor(host: Host) {
    this.host = host;
  }

  /** Whether a stream gets colour. */
  color(stream: OutputStream): boolean {
    return wantsColor(this.host, stream, this.colorFlag);
  }

  /** Findings as text for this stream. */
  renderText(bag: DiagnosticBag, stream: OutputStream): string {
    return renderText(bag.report(), { color: this.color(stream), width: stream.columns ?? defaultColumns });
  }

  /** Writes findings to standard error, in order. */
  printDiagnostics(diagnostics: Iterable<Diagnostic>): void {
    const found = [...diagnostics];
    // Opening a stream costs half a millisecond of every start, and most starts have nothing to say.
    if (found.length === 0) return;
    this.host.stderr.write(this.renderText(new DiagnosticBag(found), this.host.stderr));
  }
}
