import { describe, expect, it } from 'vitest';
import { run, tracer } from './lock-programs.ts';

/** Nobody else is inside: whoever comes in leaves a file there, and removes it before he goes. */
const inside = `
def stay():
    os.close(os.open('inside', os.O_CREAT | os.O_EXCL))
    os.unlink('inside')
`;

const meeting = `
${tracer}
def meet():
    for _ in range(40):
        with file: stay()
def numbers(lines, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end: yield random.randrange(1, lines)
`;

const rival = `
${inside}
while not over.is_set():
    for _ in range(20):
        with file: stay()
if file.acquire(timeout=30): note('free')
file.release()
`;

describe('a lock that is handed on to a thread', () => {
  it('is had again by whom another thread has released it for', async () => {
    const { notes, exitCode, output } = await run({
      'first.py': `
for again in [lambda: file.acquire(timeout=30), file.acquire] * 10:
    shared(file)
    thread = threading.Thread(target=file.release)
    thread.start(); thread.join()
    again()
    file.release()
    assert file.acquire(timeout=30)
    file.release()
over.set()
note('done')
`,
      'rival.py': rival,
    });
    expect({ exitCode, first: notes('first'), rival: notes('rival'), output }).toMatchObject({ exitCode: 0, first: ['done'], rival: ['free'] });
  });

  it('is not granted once more by what its wait had come to, after it was released', async () => {
    const { notes, exitCode, output } = await run({
      'first.py': `
for _ in range(5):
    shared(file)
    token = file.token
    # It is the run's again, which this thread finds out as it releases the lock.
    file._look()
    file.release()
    answer = mpctl._client.call('lock.claim', '{"name":"file"}')
    while 'handoff' in answer: answer = mpctl._client.call('lock.claim', '{"name":"file"}')
    note(answer['tokens']['file'] > token)
    mpctl._client.call('lock.release', '{"holds":"file"}')
over.set()
`,
      'rival.py': rival,
    });
    expect({ exitCode, first: notes('first'), rival: notes('rival'), output }).toMatchObject({
      exitCode: 0,
      first: Array.from({ length: 5 }, () => 'True'),
      rival: ['free'],
    });
  });

  it.each([
    ['its release', 60, `
    file.acquire()
    stay()
    try:
        at_line(number, file.release, ring)
    except Ring:
        try: file.release()
        except ValueError: pass`],
    ['the wait for it', 120, `
    try:
        at_line(number, file.acquire, ring)
        stay()
        file.release()
    except Ring:
        pass`],
  ])('is lost to nobody, nor had by two, wherever something interrupts %s', async (_, lines, interrupted) => {
    const { notes, exitCode, output } = await run({
      'first.py': `
${inside}${meeting}
for number in numbers(${String(lines)}, 4):
    meet()
${interrupted}
    for _ in range(5):
        with file: stay()
note('done')
over.set()
`,
      'rival.py': rival,
      'third.py': rival,
    });
    expect({ exitCode, first: notes('first'), rival: notes('rival'), output }).toMatchObject({ exitCode: 0, first: ['done'], rival: ['free'] });
  });

  it('is tried without a mistake by whatever interrupts its release or the wait for it', async () => {
    const { notes, exitCode, output } = await run({
      'first.py': `
${inside}${meeting}
def tries():
    try:
        if file.acquire(False): file.release()
    except mpctl.Deadlock: pass
def takes():
    try:
        file.acquire()
        file.release()
    except mpctl.Deadlock: pass

for number in numbers(60, 4):
    meet()
    file.acquire()
    stay()
    at_line(number, file.release, takes)
    for _ in range(3):
        with file: stay()
for number in numbers(120, 4):
    meet()
    at_line(number, file.acquire, tries)
    stay()
    try: file.release()
    except ValueError: note('released too often')
    for _ in range(3):
        with file: stay()
note('done')
over.set()
`,
      'rival.py': rival,
      'third.py': rival,
    });
    expect({ exitCode, first: notes('first'), rival: notes('rival'), output }).toMatchObject({ exitCode: 0, rival: ['free'] });
  });

  it('leaves no file open with a thread that has ended', async () => {
    const { notes, exitCode, output } = await run({
      'first.py': `
def opened(): return len([fd for fd in os.listdir('/proc/self/fd') if '/clients/' in link(int(fd))])
def short(): shared(file); file.release()
before = opened()
for _ in range(20):
    thread = threading.Thread(target=short)
    thread.start(); thread.join()
note(opened() - before < 20)
over.set()
`,
      'rival.py': rival,
    });
    expect({ exitCode, first: notes('first'), output }).toMatchObject({ exitCode: 0, first: ['True'] });
  });
});
