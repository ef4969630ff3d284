import type { Place } from '../../base/place.ts';
import type { JsonTemplate } from '../../base/template.ts';
import type { WorkPlan } from '../../plan/plan.ts';
import type { Script } from '../model.ts';
import { either } from '../script-words.ts';

/** The end of all steps by `exit`; a code that is known only in the run may be any, or none. */
export function compileExit({ onSuccess, work }: { readonly onSuccess: Script; readonly work: WorkPlan }, code: JsonTemplate, place: Place): Script {
  const failure: Script = [{ type: 'fail', endsAll: true, isExit: true }];
  if (typeof code !== 'number') return [either([onSuccess, failure, [{ type: 'fail', endsAll: false }]], place)];
  return [either([work.successExitCodes.includes(code) ? onSuccess : failure], place)];
}
