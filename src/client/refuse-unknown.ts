import { didYouMean } from '../base/did-you-mean.ts';
import { InvalidCall } from './errors.ts';

const waitNames = ['timeoutMs', 'signal'];

/**
 * An option that nobody knows would be ignored: `{ timeout: 2 }` would wait without limit.
 *
 * @throws InvalidCall
 */
export function refuseUnknown(options: object, more: readonly string[] = []): void {
  for (const name of Object.keys(options)) {
    if (waitNames.includes(name) || more.includes(name)) continue;
    const known = [...waitNames, ...more];
    const meant = /^time/iu.test(name) ? 'timeoutMs' : didYouMean(name, known);
    const hint = meant === null ? `the options are ${known.map((one) => `\`${one}\``).join(', ')}` : `did you mean \`${meant}\`?`;
    throw new InvalidCall('invalid_params', `there is no option \`${name}\` (${hint})`);
  }
}
