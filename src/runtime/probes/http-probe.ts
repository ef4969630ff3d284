import type { RequestOptions } from 'node:http';
import type { ProbeRequest, ProbeResult } from './probe-request.ts';
import { describeConnectError } from './tcp-probe.ts';

/**
 * Success is the status that was asked for. As with the kubelet, redirects are not followed and
 * certificates are not checked: the question is whether the server answers, not who it is.
 */
export async function runHttpProbe(
  probe: Extract<ProbeRequest, { type: 'http_get' }>,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const { scheme, host, port, path, status: wanted } = probe;
  // Loaded only where such a probe is declared: the two cost more to start than the rest of mpctl.
  const { request } = scheme === 'https' ? await import('node:https') : await import('node:http');
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    host,
    port,
    path,
    signal,
    agent: false,
    headers: { 'user-agent': 'mpctl-probe', connection: 'close' },
    rejectUnauthorized: false,
  };
  return new Promise((resolve) => {
    const sent = request(options, (response) => {
      // The body does not matter, and a server may send one without end.
      response.destroy();
      const status = response.statusCode ?? 0;
      const success = wanted === null ? status >= 200 && status <= 399 : status === wanted;
      const expected = wanted === null ? '200 to 399' : String(wanted);
      resolve(success ? 'ok' : { failed: `status ${status}, expected ${expected}` });
    });
    sent.on('error', (error) => resolve({ failed: describeConnectError(error, host, port) }));
    sent.end();
  });
}
