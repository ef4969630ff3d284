import { verbExitCodes } from './refusal.ts';
import type { Arguments, Verb, World } from './verb.ts';

/** Says what the machine has of what runs depend on, and which containment is in force. */
async function doctor(given: Arguments, world: World): Promise<number> {
  // Nothing else that a verb does needs them.
  const [{ readMachineFacts }, { machineFindings }] = await Promise.all([import('../../src/runtime/machine-facts.ts'), import('./machine-findings.ts')]);
  const findings = machineFindings(readMachineFacts(world.workingDir, world.environment));
  if (given.switches.has('--json')) {
    world.write(`${JSON.stringify(findings)}\n`);
  } else {
    const [stateWidth, subjectWidth] = [Math.max(...findings.map(({ state }) => state.length)), Math.max(...findings.map(({ subject }) => subject.length))];
    world.write(findings.map(({ subject, state, says }) => `${state.padEnd(stateWidth)}  ${subject.padEnd(subjectWidth)}  ${says}\n`).join(''));
  }
  return findings.some(({ state }) => state === 'missing') ? verbExitCodes.no : verbExitCodes.yes;
}

/** Of the machine, not of a run. */
export const doctorVerb: Verb = {
  name: 'doctor',
  takes: '',
  summary: 'Says which containment is in force here, and what a run of this folder depends on that is not there; 1 where something does not work without it.',
  example: 'mpctl doctor',
  words: [0, 0],
  flags: ['--format', '--json'],
  run: doctor,
};
