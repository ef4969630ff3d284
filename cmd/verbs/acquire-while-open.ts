import { createConnection, type Socket } from 'node:net';
import type { Json } from '../../src/base/json.ts';
import { err, type Result } from '../../src/base/result.ts';
import { isWhole, noAnswer, readAnswer, requestOf } from './ask-door.ts';
import type { Refusal } from './refusal.ts';
import type { Ask, World } from './verb.ts';

/** What was acquired, and the connection that holds it. */
export interface Acquired {
  readonly value: Json;
  /** The run releases what is held when the last process that has it open closes it or ends. */
  readonly connection: Socket;
}

/** Acquires so that the connection holds it, and not the instance: whoever shares it keeps it held, and nobody is left who holds it after them. */
export async function acquireWhileOpen(environment: World['environment'], ...[method, params]: Parameters<Ask>): Promise<Result<Acquired, Refusal>> {
  const asked = requestOf(environment, 'Mpctl-Hold: connection', method, params);
  if (!asked.ok) return asked;
  return new Promise((resolve) => {
    let text = '';
    let failure: NodeJS.ErrnoException | null = null;
    const connection = createConnection(asked.value.socketPath);
    const answered = (): void => {
      const answer = text === '' ? err(noAnswer(failure, asked.value.socketPath)) : readAnswer(text);
      if (!answer.ok) connection.destroy();
      resolve(answer.ok ? { ok: true, value: { value: answer.value, connection } } : answer);
    };
    connection.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (isWhole(text)) answered();
    });
    connection.on('error', (error) => {
      failure = error;
    });
    connection.on('close', answered);
    connection.write(asked.value.text);
  });
}
