import { describe, expect, it } from 'vitest';
import { run } from './lock-programs.ts';

/**
 * Raises while mpctl does `what`, at two of the places where a handler of a signal may: at one of its calls, and then at
 * another one. A hook that raises is removed, so there are two.
 */
const interrupts = `
class Ring(Exception): pass
def at_calls(first, second, what):
    is_rung = False
    count = 0
    def begins(frame, event, _):
        nonlocal is_rung, count
        if frame.f_code.co_filename != mpctl.__file__ or event not in ('call', 'c_return'): return
        count += 1
        if count == first:
            is_rung = True
            count = 0
            raise Ring
    def goes_on(frame, event, _):
        nonlocal count
        if is_rung and frame.f_code.co_filename == mpctl.__file__:
            count += 1
            if count == second: raise Ring
    sys.setprofile(begins)
    sys.settrace(goes_on)
    try: what()
    finally:
        sys.settrace(None)
        sys.setprofile(None)
`;

describe('an item', () => {
  it('is lost to nobody whose get is interrupted, and once more while that is called off, and the next one asks as ever', async () => {
    const { notes, exitCode, output } = await run({
      'first.py': `
${interrupts}
import queue as errors, random
got, items, busy = [], 2000, 0
def get(): got.append(queue.get())
for number in range(items):
    queue.put(number)
    try: at_calls(random.randrange(1, 60), random.randrange(1, 7), get)
    except Ring: pass
    busy += mpctl._client.lease().stream.is_busy
try:
    while len(got) < items: got.append(queue.get(timeout=5))
except errors.Empty: pass
note(sorted(set(range(items)) - set(got)), len(got) - len(set(got)), busy)
`,
    });
    expect({ exitCode, first: notes('first'), output }).toMatchObject({ exitCode: 0, first: ['[] 0 0'] });
  });
});
