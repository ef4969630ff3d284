import { directLogNotRead } from './direct-log-not-read.ts';
import { notAPipeEnd } from './not-a-pipe-end.ts';
import { pipeEndTooLate } from './pipe-end-too-late.ts';
import { pipeEndUnused } from './pipe-end-unused.ts';
import { pipeToItself } from './pipe-to-itself.ts';
import type { Rule } from './rule.ts';
import { stdioPipeMisuse } from './stdio-pipe-misuse.ts';
import { terminalContention } from './terminal-contention.ts';
import { terminalStreams } from './terminal-streams.ts';

/** The checks about pipes and standard streams. */
export const streamRules: readonly Rule[] = [pipeToItself, notAPipeEnd, stdioPipeMisuse, terminalStreams, directLogNotRead, pipeEndUnused, pipeEndTooLate, terminalContention];
