import type { Place } from '../../base/place.ts';
import type { JsonTemplate } from '../../base/template.ts';
import type { WorkPlan } from '../../plan/plan.ts';
import type { Script, Way } from '../model.ts';
import { either, firstOf } from '../script-words.ts';
import type { CompileContext } from './compile-context.ts';

/** Whose steps end. */
interface Exiting {
  readonly who: string;
  readonly work: WorkPlan;
  readonly onSuccess: Script;
}

const failure: Script = [{ type: 'fail', endsAll: true, isExit: true }];

/** The end of all steps by `exit`; a code that is known only in the run may be any, or none. */
export function compileExit(context: CompileContext, { who, work, onSuccess }: Exiting, code: JsonTemplate, place: Place): Script {
  if (typeof code === 'number') return [either([work.successExitCodes.includes(code) ? onSuccess : failure], place)];
  const succeeds: Way = { operation: { do: 'nothing' }, next: onSuccess };
  if (context.isPatient) return [firstOf([succeeds], place)];
  context.assume('coarser', `the code by which \`${who}\` ends may be any`, place, { of: who, part: 'is_cut_short' });
  return [
    firstOf(
      [
        succeeds,
        { operation: { do: 'nothing', fails: 'code' }, next: failure },
        { operation: { do: 'nothing', fails: 'code' }, next: [{ type: 'fail', endsAll: false }] },
      ],
      place,
    ),
  ];
}

/** A code that is known only in the run may be none. */
export function orNoCode(code: JsonTemplate): readonly Way[] {
  return typeof code === 'number' ? [] : [{ operation: { do: 'nothing', fails: 'value' }, next: [{ type: 'fail', endsAll: false }] }];
}
