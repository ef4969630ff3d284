/** One look at whether something is ready or alive; nothing in it is left to be completed. */
export type ProbeRequest = {
  /** After so long without an answer the probe has failed. */
  readonly timeoutMs: number;
} & (
  | {
      readonly type: 'exec';
      /** The file and its arguments; success is exit code 0. */
      readonly argv: readonly string[];
      /** Absolute. */
      readonly cwd: string;
      /** Complete; with the run's mark, so that what the command leaves behind is found. */
      readonly env: Readonly<Record<string, string>>;
    }
  | {
      readonly type: 'http_get';
      readonly scheme: 'http' | 'https';
      readonly host: string;
      readonly port: number;
      readonly path: string;
      /** The status that counts as success; null is any from 200 to 399. */
      readonly status: number | null;
    }
  | { readonly type: 'tcp_socket'; readonly host: string; readonly port: number }
);

/** `failed` says why, for people: a clause such as `connection refused`. */
export type ProbeResult = 'ok' | { readonly failed: string };

/** A probe under way. */
export interface RunningProbe {
  /** Never rejects; a cancelled probe gives `failed`. */
  readonly result: Promise<ProbeResult>;
  /** Ends it now, with all processes of its group. */
  cancel(): void;
}
