import { expect, it } from 'vitest';
import { MakeTokens } from '../../../src/runtime/jobserver/make-tokens.ts';

it('tells the guardian of a token before anything runs on it, and before it goes back', () => {
  const seen: string[] = [];
  let come = (_token: number): void => {};
  const tokens = new MakeTokens(
    {
      ask: (onToken) => {
        come = onToken;
      },
      unask: () => false,
      put: (bytes) => seen.push(`put ${bytes.join()}`),
      close: () => seen.push('close'),
    },
    {
      holdToken: (token) => seen.push(`hold ${token}`),
      dropToken: (token) => seen.push(`drop ${token}`),
      tell: () => seen.push('tell'),
    },
  );
  for (const token of [97, 98]) {
    tokens.ask(() => seen.push('runs'));
    come(token);
  }
  expect(seen.splice(0)).toEqual(['hold 97', 'tell', 'runs', 'hold 98', 'tell', 'runs']);
  tokens.putBack();
  expect(tokens.held).toBe(1);
  tokens.close();
  tokens.putBack();
  expect(seen).toEqual(['drop 98', 'put 98', 'drop 97', 'put 97', 'close']);
});
