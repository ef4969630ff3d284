import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { RunEvent } from '../../../src/engine/run-event.ts';
import { chooseReporter, type ReporterOptions } from '../../../src/report/choose-reporter.ts';
import { ended, output, runEnded, runStarted, started } from '../../rig/events.ts';
import { FakeTerminal } from '../../rig/terminal.ts';

interface Line {
  readonly instance: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

const instances = ['a', 'b', 'c'];
const red = '\u001B[31m';

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  // A carriage return would make the text before it an earlier state of the line.
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/\p{Cc}/gu, '')),
  fc.string({ unit: 'grapheme' }).map((text) => red + text),
);

/**
 * Lines of several instances, each with its number, so that one that is lost, torn or moved is
 * seen.
 */
const linesOf = (text: fc.Arbitrary<string>): fc.Arbitrary<readonly Line[]> =>
  fc
    .array(
      fc.record({
        instance: fc.constantFrom(...instances),
        stream: fc.constantFrom('stdout', 'stderr'),
        text,
      }),
      { maxLength: 120 },
    )
    .map((lines) =>
      lines.map((line, index) => ({
        ...line,
        text: `#${index}#${line.text.replaceAll('\n', '')}`,
      })),
    );

const options: ReporterOptions = {
  output: null,
  format: 'text',
  timestamps: false,
  github: false,
  workingDir: '/srv/project',
};

function eventsOf(lines: readonly Line[]): readonly RunEvent[] {
  return [
    runStarted(instances),
    ...instances.map((name) => started(0, name)),
    ...lines.map((line, index) => output(index, line.instance, line.text, line.stream)),
    ...instances.map((name) => ended(200, name)),
    runEnded(300),
  ];
}

async function play(
  terminal: FakeTerminal,
  chosen: Partial<ReporterOptions>,
  lines: readonly Line[],
  tickAfter: readonly number[] = [],
): Promise<void> {
  const reporter = await chooseReporter({ ...options, ...chosen }, terminal);
  for (const [index, event] of eventsOf(lines).entries()) {
    reporter.handle(event);
    if (tickAfter.includes(index)) {
      terminal.nowMs += 100;
      await vi.advanceTimersByTimeAsync(100);
    }
  }
  await reporter.finish();
}

/** Text is kept, colours and other control characters are not: what else is shown has a test of its own. */
function shownOf(text: string): string {
  return text.replaceAll(red, '').replaceAll(/(?!\t)\p{Cc}/gu, '');
}

function of(lines: readonly Line[], instance: string, stream?: Line['stream']): readonly string[] {
  return lines
    .filter(
      (line) => line.instance === instance && (stream === undefined || line.stream === stream),
    )
    .map((line) => shownOf(line.text));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('with prefixes every line arrives whole, on its stream and in the order of its instance', async () => {
  await fc.assert(
    fc.asyncProperty(linesOf(anyText), async (lines) => {
      const terminal = new FakeTerminal();
      await play(terminal, { output: 'prefixed' }, lines);
      for (const stream of ['stdout', 'stderr'] as const) {
        const written = terminal.text(stream).split('\n');
        for (const instance of instances) {
          const mark = `[${instance}] `;
          const got = written
            .filter((line) => line.startsWith(mark))
            .map((line) => line.slice(mark.length));
          expect(got).toStrictEqual(of(lines, instance, stream));
        }
      }
    }),
  );
});

test('in groups every line arrives whole, in the order of its instance and in one block', async () => {
  await fc.assert(
    fc.asyncProperty(linesOf(anyText), async (lines) => {
      const terminal = new FakeTerminal();
      await play(terminal, { output: 'grouped' }, lines);
      const written = terminal
        .text('stdout')
        .split('\n')
        .filter((line) => line.startsWith('#'));
      expect(written).toStrictEqual(instances.flatMap((instance) => of(lines, instance)));
    }),
  );
});

test('as JSON every event is one line and comes back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(linesOf(anyText), async (lines) => {
      const terminal = new FakeTerminal();
      await play(terminal, { format: 'json' }, lines);
      const written = terminal.text('stdout').trimEnd().split('\n');
      expect(written.map((line): unknown => JSON.parse(line))).toStrictEqual(eventsOf(lines));
      expect(terminal.text('stderr')).toBe('');
    }),
  );
});

test('quietly the last fifty lines of what failed arrive whole and in order', async () => {
  await fc.assert(
    fc.asyncProperty(linesOf(anyText), async (lines) => {
      const terminal = new FakeTerminal();
      const reporter = await chooseReporter({ ...options, output: 'quiet' }, terminal);
      for (const event of eventsOf(lines)) {
        const fails = event.type === 'instance.ended' && event.instance === 'a';
        reporter.handle(fails ? { ...event, state: 'failed' } : event);
      }
      await reporter.finish();
      const written = terminal
        .text('stdout')
        .split('\n')
        .filter((line) => line.startsWith('['));
      expect(written).toStrictEqual(
        of(lines, 'a')
          .slice(-50)
          .map((text) => `[a] ${text}`),
      );
    }),
  );
});

test('above the live view every line stands whole and in order, however the drawing falls', async () => {
  await fc.assert(
    fc.asyncProperty(
      linesOf(fc.string({ unit: 'grapheme-ascii' })),
      fc.array(fc.nat({ max: 130 })),
      fc.integer({ min: 1, max: 30 }),
      async (lines, tickAfter, rows) => {
        const terminal = new FakeTerminal({ isTerminal: true, rows });
        await play(terminal, {}, lines, tickAfter);
        const shown = terminal.screen();
        const written = shown.filter((line) => line.startsWith('['));
        expect(written).toStrictEqual(lines.map((line) => `[${line.instance}] ${line.text}`));
        expect(shown.filter((line) => line.includes('ended, '))).toStrictEqual([]);
      },
    ),
  );
});
