import { connect } from 'node:net';
import { systemErrorCode } from '../system-error-code.ts';
import type { ProbeResult } from './probe-request.ts';

/** Success is a connection that is accepted; it is closed at once. */
export function runTcpProbe(host: string, port: number, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    signal.addEventListener('abort', () => {
      socket.destroy();
    });
    socket.on('connect', () => {
      socket.destroy();
      resolve('ok');
    });
    socket.on('error', (error) => resolve({ failed: describeConnectError(error, host, port) }));
  });
}

/** Says in words why nobody could be reached. */
export function describeConnectError(error: Error, host: string, port: number): string {
  const code = systemErrorCode(error);
  const where = `${host}:${port}`;
  if (code === 'ECONNREFUSED') return `nobody listens on ${where}`;
  if (code === 'ENOTFOUND') return `the host ${host} is not known`;
  // A name with several addresses gives an error with an empty message.
  return `${where}: ${error.message === '' ? code ?? error.name : error.message}`;
}
