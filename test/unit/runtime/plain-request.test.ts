import { describe, expect, test } from 'vitest';
import { plainBody, readPlainRequest } from '../../../src/runtime/door/plain-request.ts';

const read = (text: string): ReturnType<typeof readPlainRequest> => readPlainRequest(Buffer.from(text, 'latin1'));
const head = 'POST /v1/lock/acquire HTTP/1.1\r\nHost: mpctl\r\n';

test('a request in one piece is read as it is', () => {
  const request = read(`${head}Authorization: Bearer a.1\r\nX-Empty:\r\nX-Spaced: \t a  b \t\r\nCONTENT-LENGTH: 2\r\n\r\n{}`);
  expect(request?.method).toBe('POST');
  expect(request?.path).toBe('/v1/lock/acquire');
  expect([...(request?.headers ?? [])]).toEqual([
    ['host', 'mpctl'],
    ['authorization', 'Bearer a.1'],
    ['x-empty', ''],
    ['x-spaced', 'a  b'],
    ['content-length', '2'],
  ]);
  expect(request?.rest.toString()).toBe('{}');
});

test.each([
  ['a head without its end', head],
  ['another method', 'PUT /v1/lock/acquire HTTP/1.1\r\nHost: m\r\n\r\n'],
  ['another version', 'POST /v1/lock/acquire HTTP/1.0\r\nHost: m\r\n\r\n'],
  ['an absolute URL', 'POST http://m/v1/lock/acquire HTTP/1.1\r\nHost: m\r\n\r\n'],
  ['two spaces', 'POST  /v1/lock/acquire HTTP/1.1\r\nHost: m\r\n\r\n'],
  ['no host', 'POST /v1/lock/acquire HTTP/1.1\r\n\r\n'],
  ['two hosts', `${head}host: other\r\n\r\n`],
  ['two keys', `${head}Authorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n`],
  ['a line that goes on', `${head}X: a\r\n b\r\n\r\n`],
  ['a line without a colon', `${head}X\r\n\r\n`],
  ['a line without a name', `${head}: x\r\n\r\n`],
  ['a space before the colon', `${head}Content-Length : 2\r\n\r\n{}`],
  ['a lone line feed', `${head}X: a\nContent-Length: 2\r\n\r\n{}`],
  ['a lone carriage return', `${head}X: a\rY: b\r\n\r\n`],
  ['a NUL', `${head}X: \0\r\n\r\n`],
  ['a byte beyond ASCII', `${head}X: \u00E9\r\n\r\n`],
  ['chunks', `${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['a client that waits for leave to go on', `${head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`],
])('%s is left to the server', (_, text) => {
  expect(read(text)).toBeNull();
});

describe('its body', () => {
  const bodyOf = (text: string): string | null => {
    const request = read(text);
    return request === null ? null : plainBody(request);
  };

  test.each([
    ['of its length', `${head}Content-Length: 2\r\n\r\n{}`, '{}'],
    ['in UTF-8', `${head}Content-Length: 2\r\n\r\n\u00C3\u00A9`, 'é'],
    ['that is empty', `${head}Content-Length: 0\r\n\r\n`, ''],
    ['that is not there', `${head}\r\n`, ''],
    ['of a connection that stays', `${head}Connection: Keep-Alive\r\nContent-Length: 2\r\n\r\n{}`, '{}'],
  ])('%s is taken', (_, text, body) => {
    expect(bodyOf(text)).toBe(body);
  });

  test.each([
    ['that is not whole', `${head}Content-Length: 3\r\n\r\n{}`],
    ['with another request behind it', `${head}Content-Length: 2\r\n\r\n{}${head}\r\n`],
    ['without a length', `${head}\r\n{}`],
    ['with a length that is none', `${head}Content-Length: 2x\r\n\r\n{}`],
    ['with a length below zero', `${head}Content-Length: -2\r\n\r\n`],
    ['with two lengths in one', `${head}Content-Length: 2, 2\r\n\r\n{}`],
    ['of a connection that ends', `${head}Connection: close\r\nContent-Length: 2\r\n\r\n{}`],
    ['of one that asks for another protocol', `${head}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`],
    ['of one that names a protocol only', `${head}Upgrade: h2c\r\n\r\n`],
  ])('%s is left to the server', (_, text) => {
    expect(bodyOf(text)).toBeNull();
  });
});
