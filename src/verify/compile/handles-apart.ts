import type { Step } from '../../plan/step.ts';
import { stepLists, walkSteps } from '../../plan/walk-steps.ts';
import { endsWithStream } from '../../plan/ways-out.ts';
import type { CompileContext } from './compile-context.ts';

/**
 * Whether a handle is of the tasks of one `submit` whenever somebody waits for their results: in the model it is of all that were ever
 * submitted with it. So it is where none is submitted with it once more before those of before have been waited for.
 */
export function isHandleApart(context: CompileContext, who: string, handle: string): boolean {
  const work = context.works.find(({ name }) => name === who);
  if (work?.body.type !== 'steps') return true;
  const { steps } = work.body;
  // Whoever does all of it anew may have left it anywhere.
  const isDoneAgain = 'workers' in work || work.restart !== 'no' || context.isOrdered(work.name);
  if (!isDoneAgain) return new OneHandle(handle).isApart(steps);
  const awaited = new Set(stepLists(steps).flatMap((list) => list.filter((step, index) => isResultOf(list[index + 1], step))));
  return [...walkSteps(steps)].every((step) => step.verb !== 'submit' || step.as !== handle || awaited.has(step));
}

/** Follows the steps of somebody who begins with nothing submitted, whichever way they go. */
class OneHandle {
  readonly #handle: string;
  #isApart = true;
  /** It was so somewhere in what has been followed since this was last forgotten. */
  #wasOpen = false;

  constructor(handle: string) {
    this.#handle = handle;
  }

  isApart(steps: readonly Step[]): boolean {
    this.#follow(steps, false);
    return this.#isApart;
  }

  /** `isOpen`: some may have been submitted and not been waited for; said of behind the steps as well. */
  #follow(steps: readonly Step[], isOpen: boolean): boolean {
    return steps.reduce((before, step) => this.#behind(step, before), isOpen);
  }

  #behind(step: Step, before: boolean): boolean {
    const inTime = this.#inTime(step, before);
    const late = step.onTimeout.type === 'steps' ? this.#follow(step.onTimeout.steps, before || inTime) : before;
    // One that is over without its results may have found only some of them.
    const isSure = step.timeoutMs === null && !(step.verb === 'result' && step.allowFailure);
    const behind = isSure ? inTime : inTime || late || before;
    this.#wasOpen ||= behind;
    return behind;
  }

  #inTime(step: Step, before: boolean): boolean {
    switch (step.verb) {
      case 'submit':
        if (step.as !== this.#handle) return before;
        if (before) this.#isApart = false;
        return true;
      case 'result':
        return before && step.handle !== this.#handle;
      case 'with':
      case 'each':
      case 'repeat':
        return this.#around(step, before);
      default:
        return before;
    }
  }

  #around(step: Extract<Step, { verb: 'with' | 'each' | 'repeat' }>, before: boolean): boolean {
    const outside = this.#wasOpen;
    this.#wasOpen = before;
    const once = this.#follow(step.steps, before);
    const behind = step.verb === 'with' ? once : before || this.#follow(step.steps, before || once);
    // Left in the midst of it, which a failure that is let pass does, and the end of a stream.
    const mayBeLeft = step.allowFailure || (step.verb !== 'with' && endsWithStream(step.steps));
    const isOpen = behind || once || (mayBeLeft && this.#wasOpen);
    this.#wasOpen ||= outside;
    return isOpen;
  }
}

function isResultOf(next: Step | undefined, submit: Step): boolean {
  return next?.verb === 'result' && submit.verb === 'submit' && next.handle === submit.as && next.timeoutMs === null;
}
