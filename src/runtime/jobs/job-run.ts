/* Runs the jobs of a pool without a spec: tells the rules what happens, and does what they say. */
import { ShortLivedMap } from '../../base/short-lived-map.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fillCommand, type FilledCommand, type JobCommand } from '../../jobs/job-command.ts';
import type { JobOptions } from '../../jobs/job-options.ts';
import { JobPool, type JobStart, type JobVerdict } from '../../jobs/job-pool.ts';
import { StopLadder } from '../../jobs/stop-ladder.ts';
import { toldAttempt } from '../../jobs/told-attempt.ts';
import { openMakeJobserver } from '../jobserver/make-client.ts';
import { MakeTokens } from '../jobserver/make-tokens.ts';
import { passedOn } from '../jobserver/passed-on.ts';
import { runningMs, RunningTimer } from '../running-ms.ts';
import { Guardian } from '../processes/guardian.ts';
import { stopProcesses } from '../processes/stop-and-continue.ts';
import { sweepMarked } from '../processes/sweep-marked.ts';
import { appendRunId, makeRunId } from '../run-folder/run-id.ts';
import type { EndingSignal } from '../signals.ts';
import { systemErrorCode } from '../system-error-code.ts';
import { systemErrorText } from '../system-error-text.ts';
import { GroupedOutput } from './grouped-output.ts';
import type { ItemListener, ItemSource } from './item-source.ts';
import { JobGroups } from './job-groups.ts';
import type { OpenJoblog } from './joblog-file.ts';
import { JobMemory } from './job-memory.ts';
import { JobPermits } from './job-permits.ts';
import { JobStarter } from './job-starter.ts';
import { JobStream, lostOutput, type JobStreams } from './job-streams.ts';
import { OutputNotKept } from './output-not-kept.ts';
import type { JobExit, JobGroup } from './start-job.ts';

/** Between SIGTERM and SIGKILL: of a job that is stopped, and after a second signal. */
const graceMs = 5000;
const impatientGraceMs = 1000;
/** Lines of a dry run on their way out. */
const mostUnwrittenTexts = 1000;
/** Bytes of a command in a message. */
const longestShown = 200;
/** For a reader that has stopped reading, after a signal. */
const readerGraceMs = 1000;
/** For what had left the group of its job. */
const sweepGraceMs = 500;

/** What a run of jobs needs. */
export interface JobRunOptions {
  readonly options: JobOptions;
  readonly command: JobCommand;
  readonly shell: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly workingDir: string;
  readonly joblog: OpenJoblog;
  readonly openSource: (listener: ItemListener) => ItemSource;
  /** One line for the user. */
  readonly complain: (line: string) => void;
  /** Hears how far the pool is whenever that has changed. */
  readonly view: JobView;
}

/** What a person watches. */
export interface JobView {
  readonly changed: (counts: JobPool['counts']) => void;
  /** Around whatever else is written. */
  readonly hide: () => void;
  readonly show: () => void;
}

/** How a run of jobs ended. */
export interface JobRunEnd {
  readonly exitCode: number;
  /** mpctl is to die of it. */
  readonly signal: NodeJS.Signals | null;
  /** Whether something that was written, or read, has been lost. */
  readonly isDamaged: boolean;
}

/** One run of jobs. */
export class JobRun {
  readonly #given: JobRunOptions;
  readonly #pool: JobPool;
  readonly #output: GroupedOutput;
  readonly #memory = new JobMemory();
  readonly #groups = new JobGroups();
  readonly #starter: JobStarter;
  readonly #guardian: Guardian;
  /** Null where mpctl is no client of make's jobserver. */
  readonly #permits: JobPermits | null;
  readonly #source: ItemSource;
  readonly #folder: string;
  readonly #runId = makeRunId(new Date());
  /** Of the running jobs, by their number. */
  readonly #groupOf = new ShortLivedMap<number, JobGroup>();
  #timer: RunningTimer | null = null;
  #readerGrace: RunningTimer | null = null;
  #signal: NodeJS.Signals | null = null;
  readonly #ladder = new StopLadder();
  #isDamaged = false;
  #isOutputLost = false;
  #isFilling = false;
  /** A job waits for nothing but a token of make. */
  #isTokenWanted = false;
  #onOver: (() => void) | null = null;

  /** @throws the error of the system call where there is no room for temporary files. */
  constructor(given: JobRunOptions) {
    this.#given = given;
    const { options, joblog, environment, complain } = given;
    const { jobs } = joblog.past;
    const isDone = (seq: number): boolean => {
      const past = jobs.get(seq);
      if (options.resume === 'commands') return past === undefined || past.succeeded;
      return past !== undefined && (options.resume === 'unfinished' || past.succeeded);
    };
    const doneBefore = [...jobs].filter(([seq]) => isDone(seq)).length;
    this.#pool = new JobPool({ ...options, isDone, doneBefore });
    this.#output = new GroupedOutput(options.keepOrder, {
      onBegin: () => given.view.hide(),
      onEnd: () => {
        given.view.show();
        this.#fill();
      },
      onFailure: (error, descriptor) => this.#outputLost(error, descriptor),
    });
    this.#folder = mkdtempSync(path.resolve(tmpdir(), 'mpctl-pool-'));
    // A dry run starts nothing.
    const make = options.dryRun ? ({ type: 'none' } as const) : openMakeJobserver(environment['MAKEFLAGS']);
    if (make.type === 'unusable') complain(`${make.message} (MP827)`);
    const tokenFd = make.type === 'client' ? make.pipe.writeFd : null;
    this.#guardian = new Guardian({ runId: this.#runId, graceMs, record: path.join(this.#folder, 'run.json'), cgroup: null, tokenFd, onLost: complain });
    this.#guardian.removeWhenKilled(this.#folder);
    this.#permits = make.type === 'client' ? new JobPermits(new MakeTokens(make.pipe, this.#guardian), () => this.#fill()) : null;
    const { makeflags, stdio } = passedOn(make, environment['MAKEFLAGS']);
    this.#starter = new JobStarter({
      workingDir: given.workingDir,
      environment: { ...environment, ...(makeflags === undefined ? {} : { MAKEFLAGS: makeflags }), MPCTL_RUN_IDS: appendRunId(environment['MPCTL_RUN_IDS'], this.#runId) },
      descriptors: stdio,
      folder: this.#folder,
      slots: options.slots,
      guardian: this.#guardian,
    });
    this.#source = given.openSource({
      onMore: () => this.#fill(),
      onFailure: (error) => {
        this.#isDamaged = true;
        complain(`the items cannot be read: ${systemErrorText(error)}`);
        this.#pool.endSource();
        this.#fill();
      },
    });
  }

  /** Runs them all; nothing that it has started is left when the promise resolves. */
  async run(): Promise<JobRunEnd> {
    try {
      if (!this.#given.options.dryRun) await this.#startGuardian();
      await new Promise<void>((resolve) => {
        this.#onOver = resolve;
        this.#fill();
      });
      this.#source.close();
      // What an interrupted run has not written is not in its log either, and comes in order when it is resumed.
      if (this.#signal === null) this.#output.releaseHeld();
      else this.#output.dropHeld();
      await Promise.all([this.#output.idle(), this.#groups.empty()]);
      await this.#starter.closed();
      if (this.#signal !== null) await sweepMarked(this.#runId, sweepGraceMs);
    } finally {
      this.#timer?.cancel();
      this.#readerGrace?.cancel();
      this.#permits?.close();
      this.#guardian.dismiss();
      this.#given.joblog.file?.close();
      rmSync(this.#folder, { recursive: true, force: true });
    }
    return { exitCode: this.#pool.exitCode, signal: this.#signal, isDamaged: this.#isDamaged };
  }

  /** Before the first job: when mpctl is killed while that begins, the guardian has been told already what to remove. */
  async #startGuardian(): Promise<void> {
    this.#guardian.start();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  /** Somebody wants the end. */
  interrupt(signal: EndingSignal): void {
    this.#signal ??= signal;
    this.#stopPool();
    switch (this.#ladder.hear(signal, runningMs())) {
      case 'nothing':
        break;
      case 'stop':
        this.#stopAll(graceMs);
        this.#readerGrace = new RunningTimer(readerGraceMs, () => this.#output.giveUp());
        break;
      case 'hurry':
        this.#stopAll(impatientGraceMs);
        break;
      case 'kill':
        for (const group of this.#groupOf.values()) group.signal('SIGKILL');
        this.#output.giveUp();
        break;
    }
    this.#endIfOver();
  }

  /** Stops every job until the answer is called: mpctl is about to be stopped. */
  stop(): () => void {
    this.#given.view.hide();
    const goOn = stopProcesses({ runId: this.#runId, guardian: this.#guardian, starter: null });
    return () => {
      goOn();
      this.#given.view.show();
    };
  }

  #stopPool(): void {
    this.#pool.stop();
    this.#permits?.settle(false);
  }

  #stopAll(grace: number): void {
    for (const group of this.#groupOf.values()) this.#groups.stop(group, grace);
  }

  /** Reads and starts what can be started. */
  #fill(): void {
    // A job that cannot be started ends at once.
    if (this.#isFilling) return;
    this.#isFilling = true;
    do this.#read();
    while (this.#startSome());
    this.#permits?.settle(this.#isTokenWanted);
    this.#isFilling = false;
    this.#watchTime();
    this.#given.view.changed(this.#pool.counts);
    this.#endIfOver();
  }

  #read(): void {
    const { bar, halt } = this.#given.options;
    // A share is one of all items, and so is what is left.
    const readsAll = (bar || halt?.isPercent === true) && !this.#pool.isHalted;
    for (let items = this.#take(readsAll); items !== undefined; items = this.#take(readsAll)) {
      const { seq, isLeftOut } = this.#pool.offer(items);
      if (isLeftOut) this.#output.add(seq, null);
    }
    if (this.#source.isAtEnd) this.#pool.endSource();
    else if (readsAll || this.#pool.wantsItems) this.#source.wantMore();
  }

  #take(readsAll: boolean): readonly string[] | undefined {
    return readsAll || this.#pool.wantsItems ? this.#source.take() : undefined;
  }

  /** Whether there was anything to start. */
  #startSome(): boolean {
    const { options } = this.#given;
    this.#isTokenWanted = false;
    if (options.halt?.isPercent === true && !this.#source.isAtEnd) return false;
    // A reader that is slow slows down the jobs, or their output would fill the disk.
    const mostUnwritten = options.dryRun ? mostUnwrittenTexts : options.slots;
    let hasStarted = false;
    while (this.#output.backlog < mostUnwritten) {
      if (this.#permits?.isExhausted === true) {
        this.#isTokenWanted = this.#pool.hasNext;
        break;
      }
      const start = this.#pool.next(runningMs());
      if (start === null) break;
      hasStarted = true;
      const filled = fillCommand(this.#given.command, start, this.#given.shell);
      if (options.dryRun) this.#print(start, filled);
      else this.#launch(start, filled);
    }
    return hasStarted;
  }

  #print({ seq }: JobStart, { text }: FilledCommand): void {
    this.#output.add(seq, { type: 'text', text: `${text}\n` });
    this.#pool.ended(seq, { exitCode: 0, signal: 0 }, runningMs());
  }

  #launch({ seq, slot, attempt }: JobStart, { argv, text }: FilledCommand): void {
    const name = `${this.#folder}/${seq}.${attempt}`;
    const streams: JobStreams = { stdout: new JobStream(`${name}.out`, this.#memory), stderr: new JobStream(`${name}.err`, this.#memory) };
    const startedMs = Date.now();
    this.#permits?.started();
    this.#starter.start(
      { argv, seq, slot, streams },
      {
        onStart: (group) => {
          this.#groupOf.set(seq, group);
          // What was short has come back when nothing was to be started any more.
          if (this.#pool.isStopped) this.#groups.stop(group, graceMs);
        },
        onEnd: (exit) => this.#ended(seq, text, streams, startedMs, exit),
      },
    );
  }

  #ended(seq: number, text: string, streams: JobStreams, startedMs: number, exit: JobExit): void {
    const { options, joblog, complain } = this.#given;
    const group = this.#groupOf.get(seq);
    this.#groupOf.delete(seq);
    this.#permits?.ended();
    streams.stdout.end();
    streams.stderr.end();
    if (group !== undefined) this.#groups.leaderEnded(group);
    if (exit.failure !== null) complain(`${exit.failure}: ${shown(text)}`);
    const verdict = this.#pool.ended(seq, exit, runningMs());
    const { fate, exitCode, signal, durationMs } = verdict;
    if (fate === 'again' || fate === 'dropped') {
      streams.stdout.remove();
      streams.stderr.remove();
      if (fate === 'dropped') this.#output.add(seq, null);
      const told = fate === 'again' ? toldAttempt(verdict, options.attempts) : null;
      if (told !== null) complain(`${told}: ${shown(text)}`);
    } else {
      const outputBytes = streams.stdout.size();
      const lost = lostOutput(streams);
      this.#output.add(seq, {
        type: 'streams',
        streams,
        onWritten: () => joblog.file?.add({ seq, startedMs, durationMs, outputBytes, exitCode, signal, command: text }),
      });
      if (options.halt !== null) this.#tellHalt(verdict, text);
      // That of later jobs would be lost as well: nobody waits until it is the turn of this one.
      if (lost !== null) this.#stopDamaged(`what jobs write cannot be kept in \`${tmpdir()}\`: ${lost.message} (TMPDIR may name another folder)`);
    }
    for (const other of verdict.stop) {
      const running = this.#groupOf.get(other);
      if (running !== undefined) this.#groups.stop(running, graceMs);
    }
    this.#fill();
  }

  #tellHalt({ fate }: JobVerdict, text: string): void {
    const on = this.#given.options.halt?.on;
    if (on === 'done') this.#given.complain(`this job finished: ${shown(text)}`);
    else if (on === 'success' && fate === 'succeeded') this.#given.complain(`this job succeeded: ${shown(text)}`);
    else if (on === 'fail' && fate === 'failed') this.#given.complain(`this job failed: ${shown(text)}`);
  }

  #watchTime(): void {
    this.#timer?.cancel();
    const dueMs = this.#pool.nextTimeoutMs();
    this.#timer = dueMs === null ? null : new RunningTimer(dueMs - runningMs(), () => this.#stopLate());
  }

  #stopLate(): void {
    for (const start of this.#pool.timedOut(runningMs())) {
      const group = this.#groupOf.get(start.seq);
      if (group !== undefined) this.#groups.stop(group, graceMs);
      this.#given.complain(`this job took longer than its timeout and was stopped: ${shown(fillCommand(this.#given.command, start, this.#given.shell).text)}`);
    }
    this.#watchTime();
  }

  #outputLost(error: unknown, descriptor: number): void {
    // That was told when its job had ended.
    if (error instanceof OutputNotKept) return;
    if (systemErrorCode(error) === 'EPIPE') {
      // Nobody reads it any more, which would have ended any other program.
      this.#signal ??= 'SIGPIPE';
      this.#stopForGood();
    } else {
      this.#stopDamaged(`standard ${descriptor === 1 ? 'output' : 'error'} cannot be written: ${systemErrorText(error)}`);
    }
  }

  #stopDamaged(why: string): void {
    if (!this.#isOutputLost) this.#given.complain(why);
    this.#isOutputLost = true;
    this.#isDamaged = true;
    this.#stopForGood();
  }

  #stopForGood(): void {
    this.#stopPool();
    this.#stopAll(graceMs);
    this.#endIfOver();
  }

  #endIfOver(): void {
    if (this.#pool.isOver) this.#onOver?.();
  }
}

/** A command for a message. */
function shown(binary: string): string {
  const text = Buffer.from(binary.slice(0, longestShown), 'latin1').toString('utf8');
  return binary.length > longestShown ? `${text} …` : text;
}
