/* The tokens of the jobservers of a run: that of the make above, and those that pools offer. */
import { unreachable } from '../../base/invariant.ts';
import type { DiagnosticCode } from '../../diagnostics/catalogue.ts';
import { makeJobserver } from '../../engine/engine-options.ts';
import type { Effect } from '../../engine/effect.ts';
import type { EngineEvent } from '../../engine/engine-event.ts';
import type { FifoPool } from '../processes/fifo-pool.ts';
import type { Guardian } from '../processes/guardian.ts';
import { systemErrorText } from '../system-error-text.ts';
import { CountedTokens } from './counted-tokens.ts';
import type { CommandStart } from './command-start.ts';
import type { MakeJobserver } from './make-client.ts';
import { inheritedFlags } from './inherited-flags.ts';
import { withJobserver } from './make-flags.ts';
import { MakeTokens } from './make-tokens.ts';
import { readsNamedPipes } from './make-version.ts';
import { TokenPipe } from './token-pipe.ts';
import { withDescriptors } from './with-descriptors.ts';
import { withFlags } from './with-flags.ts';

/** What the engine has to say to jobservers. */
type TokenEffect = Extract<Effect, { readonly jobserver: string }>;

/** What they need. */
interface JobserversOptions {
  readonly make: MakeJobserver;
  /** Of mpctl's own environment. */
  readonly makeflags: string | undefined;
  readonly fifos: FifoPool;
  readonly guardian: Guardian;
  readonly post: (event: EngineEvent) => void;
  readonly warn: (code: DiagnosticCode, message: string) => void;
}

/** One that a pool offers. */
interface Offered {
  /** Of its pipe; null where none can be made, so that it has no name for a task. */
  readonly path: string | null;
  readonly tokens: TokenPipe | CountedTokens;
  readonly jobs: number;
  /** Tokens in the hand of mpctl. */
  out: number;
}

/** Which byte a token of mpctl's own is, as in make. */
const ownToken = 0x2b;

/** Reads tokens, puts them back, and tells commands where they find them. */
export class Jobservers {
  readonly #options: JobserversOptions;
  /** Which MAKEFLAGS go on. */
  readonly #flags: string | undefined;
  readonly #ofMake: MakeTokens | null;
  readonly #offered = new Map<string, Offered>();
  /** Whether the make that the commands find knows named pipes; null until it was asked. */
  #namedPipes: boolean | null = null;

  constructor(options: JobserversOptions) {
    this.#options = options;
    const { make, makeflags, guardian } = options;
    this.#ofMake = make.type === 'client' ? new MakeTokens(make.pipe, guardian) : null;
    this.#flags = inheritedFlags(make, makeflags);
  }

  carryOut(effect: TokenEffect): void {
    const { jobserver } = effect;
    switch (effect.type) {
      case 'ask_token':
        this.#ask(jobserver);
        return;
      case 'unask_token':
        this.#unask(jobserver);
        return;
      case 'put_back_token':
        this.#putBack(jobserver);
        return;
      case 'fill_jobserver':
        this.#fill(jobserver, effect.tokens);
        return;
      default:
        unreachable(effect);
    }
  }

  #ask(name: string): void {
    const read = (): void => this.#options.post({ type: 'token_read', jobserver: name });
    if (name === makeJobserver) {
      this.#ofMake?.ask(read);
      return;
    }
    const offered = this.#offered.get(name);
    offered?.tokens.ask(() => {
      offered.out += 1;
      read();
    });
  }

  #unask(name: string): void {
    if (this.#sourceOf(name)?.unask() === true) this.#options.post({ type: 'token_unasked', jobserver: name });
  }

  #putBack(name: string): void {
    if (name === makeJobserver) {
      this.#ofMake?.putBack();
      return;
    }
    const offered = this.#offered.get(name);
    if (offered === undefined) return;
    offered.out -= 1;
    offered.tokens.put([ownToken]);
  }

  #sourceOf(name: string): MakeTokens | TokenPipe | CountedTokens | undefined {
    return name === makeJobserver ? (this.#ofMake ?? undefined) : this.#offered.get(name)?.tokens;
  }

  /** The pipe of a pool is made where it is not there yet. */
  #fill(name: string, tokens: number): void {
    let offered = this.#offered.get(name);
    if (offered === undefined) {
      offered = this.#open(name, tokens);
      this.#offered.set(name, offered);
    }
    offered.tokens.drain();
    offered.tokens.put(Array.from({ length: tokens - offered.out }, () => ownToken));
  }

  /** What mpctl's own environment is to whatever it starts: descriptors that nothing inherits are not in it. */
  inherited(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return this.#flags === undefined ? environment : { ...environment, MAKEFLAGS: this.#flags };
  }

  /** How a command is started, so that it finds the jobserver `own` of its pool, or that of make. */
  startOf(start: CommandStart, own: string | null): CommandStart {
    const { make } = this.#options;
    const offered = own === null ? undefined : this.#offered.get(own);
    if (offered !== undefined) return offered.path === null ? start : this.#withOwn(start, offered.path, offered.jobs);
    if (make.type !== 'client' || make.reopen === null) return start;
    const flags = start.environment()['MAKEFLAGS'];
    // What the spec has set itself stays as it is.
    if (flags === undefined || flags !== this.#flags) return start;
    return withDescriptors(start, make.reopen, (auth) => withJobserver(flags, { jobs: make.jobs, auth }));
  }

  /** Puts everything back that is still in hand; nothing runs any more. */
  close(): void {
    this.#ofMake?.close();
    for (const { tokens, path } of this.#offered.values()) {
      tokens.close();
      if (path !== null) this.#options.fifos.giveBack(path, true);
    }
  }

  #withOwn(start: CommandStart, path: string, jobs: number): CommandStart {
    const { PATH, MAKEFLAGS: flags = '' } = start.environment();
    this.#namedPipes ??= readsNamedPipes(PATH);
    if (!this.#namedPipes) return withDescriptors(start, path, (auth) => withJobserver(flags, { jobs, auth }));
    const auth = `fifo:${path.replaceAll(/[\s\\]/gu, String.raw`\$&`)}`;
    return withFlags(start, withJobserver(flags, { jobs, auth }));
  }

  #open(name: string, jobs: number): Offered {
    const path = this.#options.fifos.takeNow();
    let why = 'no named pipe can be made for it';
    if (path !== null) {
      try {
        return { path, tokens: new TokenPipe(path, path), jobs, out: 0 };
      } catch (error) {
        this.#options.fifos.giveBack(path, false);
        why = systemErrorText(error);
      }
    }
    const pool = name.slice(makeJobserver.length + 1);
    this.#options.warn('MP828', `pool \`${pool}\` offers no jobserver to its tasks: ${why}`);
    return { path: null, tokens: new CountedTokens(), jobs, out: 0 };
  }
}
