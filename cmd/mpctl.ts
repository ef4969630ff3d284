/**
 * The program: gives `main` the real world, and ends the process as `main` says. Nothing else in mpctl
 * ends it.
 */
import { exitCodes } from '../src/base/exit-codes.ts';
import { CommandContext } from './context.ts';
import { exitWith } from './exit.ts';
import { finish } from './finish.ts';
import { main } from './main.ts';
import { processHost } from './process-host.ts';
import { reportBug } from './report-bug.ts';
import { tellLostOutput } from './tell-lost-output.ts';

const host = processHost();
tellLostOutput(host);
// Should the event loop ever run empty before `main` has answered, nothing says that anything succeeded.
process.exitCode = exitCodes.bug;
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    reportBug(new CommandContext(host), error);
    void finish(host, exitWith(exitCodes.bug));
  });
}
void main(host).then((exit) => finish(host, exit));
