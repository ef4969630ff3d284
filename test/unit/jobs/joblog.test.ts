import { describe, expect, it } from 'vitest';
import { joblogHeader, joblogLine, readJoblog, type JobRecord } from '../../../src/jobs/joblog.ts';

const record: JobRecord = { seq: 3, startedMs: 1_795_892_536_663, durationMs: 1004.4, outputBytes: 11, exitCode: 1, signal: 0, command: 'echo a' };

describe('a job log', () => {
  it('has the lines of GNU parallel', () => {
    expect(joblogLine(record)).toBe('3\t:\t1795892536.663\t     1.004\t0\t11\t1\t0\techo a\n');
    expect(joblogLine({ ...record, exitCode: -1, signal: 15, command: "echo 'a\nb'" })).toBe("3\t:\t1795892536.663\t     1.004\t0\t11\t-1\t15\techo 'a\0b'\n");
  });

  it('is read as it was written, the last command of each job', () => {
    const text = [
      joblogHeader,
      joblogLine({ ...record, command: 'a\nb\tc' }),
      joblogLine({ ...record, seq: 1, exitCode: 0, command: 'ok' }),
      joblogLine({ ...record, exitCode: 0, signal: 9, command: 'killed' }),
      joblogLine({ ...record, seq: 1, exitCode: 5, command: 'again' }),
    ].join('');
    const read = readJoblog(text);
    expect(read).toEqual({
      ok: true,
      value: { hasHeader: true, torn: '', jobs: new Map([[3, { succeeded: false, command: 'killed' }], [1, { succeeded: true, command: 'again' }]]) },
    });
    const first = readJoblog(`${joblogHeader}${joblogLine({ ...record, command: 'a\nb\tc' })}`);
    expect(first.ok && first.value.jobs.get(3)?.command).toBe('a\nb\tc');
  });

  it('may be empty, and is refused by the line that is none of a job', () => {
    expect(readJoblog('')).toEqual({ ok: true, value: { hasHeader: false, jobs: new Map(), torn: '' } });
    expect(readJoblog(joblogHeader)).toEqual({ ok: true, value: { hasHeader: true, jobs: new Map(), torn: '' } });
    expect(readJoblog('anything\n1\t:\n')).toEqual({ ok: false, error: '1\t:' });
    expect(readJoblog(`${joblogHeader}worse\n`)).toEqual({ ok: false, error: 'worse' });
    expect(readJoblog('no log at all')).toEqual({ ok: false, error: 'no log at all' });
  });

  it('has the jobs of its whole lines, wherever its end is', () => {
    const whole = `${joblogHeader}${joblogLine({ ...record, seq: 1 })}${joblogLine({ ...record, seq: 2, command: 'ü\0' })}`;
    for (let end = 0; end <= whole.length; end += 1) {
      const text = whole.slice(0, end);
      const lines = text.split('\n');
      const jobs = expect.objectContaining({ size: Math.max(0, lines.length - 2) }) as unknown;
      expect(readJoblog(text)).toEqual({ ok: true, value: { hasHeader: lines.length > 1, jobs, torn: lines.at(-1) } });
    }
  });
});
