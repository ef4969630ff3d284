import * as z from 'zod';
import { command } from './command.ts';
import {
  durationOrInterpolated,
  httpStatus,
  loadTimeText,
  longestTimeOrInterpolated,
  orInterpolated,
  pattern,
  port,
  positiveCountOrInterpolated,
} from './leaves.ts';
import { reading } from './reading.ts';

const timing = {
  period: durationOrInterpolated
    .optional()
    .describe('Time between two probes; default `100ms` for readiness (`20ms` for `tcp_socket` and `log_line`), `10s` for liveness.'),
  timeout: longestTimeOrInterpolated.default('1s').describe('Longest time of one probe.'),
  initial_delay: durationOrInterpolated.default('0s').describe('Time before the first probe.'),
  failure_threshold: positiveCountOrInterpolated
    .optional()
    .describe('Failures in a row after which it has failed; default 300 for readiness, 3 for liveness.'),
};

const httpGet = z.lazy(() =>
  reading(
    z.strictObject({
      port: orInterpolated(port).describe('The port to ask.'),
      path: loadTimeText.default('/').describe('Path of the request.'),
      host: loadTimeText.default('127.0.0.1').describe('The host to ask.'),
      scheme: orInterpolated(z.enum(['http', 'https'])).default('http').describe('`http` or `https`.'),
      status: orInterpolated(httpStatus).optional().describe('The one status that counts; default any from 200 to 399.'),
    }),
    { bareForm: (written) => requestFor(written) ?? `{ port: ${/^\d+$/.test(written) ? written : '8080'} }` },
  ),
);

const tcpSocket = z.lazy(() =>
  z.strictObject({
    port: orInterpolated(port).describe('The port that must accept a connection.'),
    host: loadTimeText.default('127.0.0.1').describe('The host to connect to.'),
  }),
);

const exec = z.lazy(() =>
  z.strictObject({ exec: command.describe('A command that must end with 0.'), ...timing }),
);
const http = z.lazy(() =>
  z.strictObject({ http_get: httpGet.describe('An HTTP request that must succeed.'), ...timing }),
);
const tcp = z.lazy(() =>
  z.strictObject({ tcp_socket: tcpSocket.describe('A port that must accept a connection.'), ...timing }),
);
const logLine = z.lazy(() =>
  z.strictObject({
    log_line: pattern.describe('A regular expression that a line of stdout or stderr must match.'),
    ...timing,
  }),
);
const notify = z.lazy(() =>
  z.strictObject({
    notify: reading(z.literal(true).describe('The program itself says `mpctl ready`, or `READY=1` to the socket in `$NOTIFY_SOCKET` (sd_notify).'), {
      expected: '`true`',
    }),
    ...timing,
  }),
);

/** The request of an `http_get` for an address; null for what is none. */
function requestFor(written: string): string | null {
  const address = /^(?<scheme>https?):\/\/(?<host>[\w.-]+)(?::(?<port>\d+))?(?<path>\/\S*)?$/.exec(written)?.groups;
  if (address === undefined) return null;
  const { scheme = 'http', host = '', port: number = scheme === 'https' ? '443' : '80', path = '/' } = address;
  const isLocal = host === 'localhost' || host === '127.0.0.1';
  return `{ port: ${number}, path: ${path}${isLocal ? '' : `, host: ${host}`}${scheme === 'https' ? ', scheme: https' : ''} }`;
}

/** A port or an address alone is asked, and any other text is run. */
function probeFor(written: string): string {
  const request = requestFor(written);
  if (request !== null) return `{ http_get: ${request} }`;
  const number = /^(?:[\w.-]+:)?(?<port>\d+)$/.exec(written)?.groups?.['port'];
  return number === undefined ? `{ exec: ${JSON.stringify(written)} }` : `{ tcp_socket: { port: ${number} } }`;
}

/** How it is found out that a process is ready. */
export const readinessProbe = reading(z.union([exec, http, tcp, logLine, notify]), { called: 'a probe', bareForm: probeFor }).meta({
  id: 'readiness_probe',
});

/** Readiness probe as it was written. */
export type ReadinessProbeSpec = z.infer<typeof readinessProbe>;

/** How it is found out that a process still works. */
export const livenessProbe = reading(z.union([exec, http, tcp]), { called: 'a probe', bareForm: probeFor }).meta({ id: 'liveness_probe' });

/** Liveness probe as it was written. */
export type LivenessProbeSpec = z.infer<typeof livenessProbe>;
