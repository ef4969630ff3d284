import { expect, it } from 'vitest';
import { doctorVerb } from '../../../cmd/verbs/doctor-verb.ts';
import { verbHelp } from '../../../cmd/verbs/help.ts';

it('says of `mpctl doctor` what its exit code 1 means, as it ends with that and not with a time that is over', () => {
  const help = verbHelp('mpctl doctor', doctorVerb, true);
  expect(help).toContain('\n  1    something does not work, for want of what is named as `missing`\n');
  expect(help).not.toContain('124');
});
