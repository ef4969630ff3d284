import type { CodeEntry } from './code-entry.ts';

/** YAML, shape and names. */
export const codes1xx = {
  MP101: {
    slug: 'unknown-key',
    severity: 'error',
    certainty: 'every run',
    title: 'a key is not in the language',
    explanation:
      'A misspelt key that was ignored would silently change what the run does, so every key must be known. ' +
      'Words of other tools (`needs`, `healthcheck`, `env`) get the word that mpctl has for them. ' +
      'Keys that begin with `x-` are yours at every level.',
  },
  MP102: {
    slug: 'missing-key',
    severity: 'error',
    certainty: 'every run',
    title: 'a key that must be there is not',
    explanation:
      'A process needs `command` or `steps`, a pool one of `command`, `worker` and `steps`, a barrier its `parties`, ' +
      'a step its verb. The sentence names the keys of which one is wanted.',
  },
  MP103: {
    slug: 'bad-value',
    severity: 'error',
    certainty: 'every run',
    title: 'a value is not of the kind that its key takes',
    explanation:
      'Durations and sizes carry their unit (`5s`, `64K`), numbers and `true`/`false` are written without quotes, ' +
      'signals by name. A value that is only known later may be written as `${{ }}`.',
  },
  MP104: {
    slug: 'duplicate-name',
    severity: 'error',
    certainty: 'every run',
    title: 'a key or a name is given twice',
    explanation:
      'Names are unique in the whole spec, so that a reference is just a name. Names that differ only in upper and lower case ' +
      'or in `-` and `_` clash too, because environment variables write both in the same way.',
  },
  MP105: {
    slug: 'undefined-reference',
    severity: 'error',
    certainty: 'every run',
    title: 'a name is used that nothing defines',
    explanation:
      'Whatever is waited for, held, put into or joined must be defined in this spec or in a file that it includes. ' +
      'Instances of a process with `replicas` or a `matrix` have names of their own.',
  },
  MP106: {
    slug: 'wrong-kind',
    severity: 'error',
    certainty: 'every run',
    title: 'a name is used where another kind of thing is wanted',
    explanation:
      'The name exists, but as something else: a queue cannot be held, and a lock cannot be waited for. ' +
      'The sentence says what the name is and what is wanted.',
  },
  MP107: {
    slug: 'exclusive-keys',
    severity: 'error',
    certainty: 'every run',
    title: 'two keys exclude each other',
    explanation:
      'A process is a `command` or a list of `steps`, a step has one verb, a `put` takes one `item` or several `items`. ' +
      'With both it would not be clear which one counts.',
  },
  MP108: {
    slug: 'bad-key',
    severity: 'error',
    certainty: 'every run',
    title: 'something stands as a key that cannot be one',
    explanation: 'A key is a word. Lists, mappings and `${{ }}` stand in values only.',
  },
  MP109: {
    slug: 'bad-name',
    severity: 'error',
    certainty: 'every run',
    title: 'a name has characters that no name may have, or too many of them',
    explanation:
      'A name begins with a letter or `_`, goes on with letters, digits, `_` and `-`, and does not begin with `x-`. ' +
      'It stands in file names, in environment variables and on the command line, where other characters need care. A name with all that makes an instance of it, as in `test-3.12-linux`, has at most 240 characters.',
  },
  MP110: {
    slug: 'not-yaml',
    severity: 'error',
    certainty: 'every run',
    title: 'the file is not YAML',
    explanation:
      'The text breaks a rule of YAML 1.2, so nothing in it can be trusted. The usual reasons are a line that is indented ' +
      'unlike its neighbours, a bracket or quote that is not closed, and a text with special characters that needs quotes.',
  },
  MP111: {
    slug: 'tab-indentation',
    severity: 'error',
    certainty: 'every run',
    title: 'a line is indented with a tab',
    explanation: 'YAML counts spaces to see what belongs together, and a tab has no width. Indent with two spaces.',
  },
  MP112: {
    slug: 'empty-spec',
    severity: 'error',
    certainty: 'every run',
    title: 'there is nothing in the file',
    explanation: 'The file is empty or holds only comments. The shortest spec is one process with a command.',
  },
  MP113: {
    slug: 'too-large',
    severity: 'error',
    certainty: 'every run',
    title: 'the file is larger than any spec',
    explanation:
      'More than 8 MiB is most often a wrong file. Many like processes are `replicas`, a `matrix` or a pool with `tasks` ' +
      'from a file.',
  },
  MP114: {
    slug: 'alias-expansion',
    severity: 'error',
    certainty: 'every run',
    title: 'aliases expand to more than can be meant',
    explanation:
      'A few lines of aliases to aliases stand for billions of values, and an alias inside its own anchor for endlessly many. ' +
      'mpctl stops reading before they fill the memory.',
  },
  MP115: {
    slug: 'not-text',
    severity: 'error',
    certainty: 'every run',
    title: 'the file is not text',
    explanation: 'A spec is UTF-8 text. The file has bytes that no such text has: a program, an archive, or another encoding.',
  },
  MP116: {
    slug: 'several-documents',
    severity: 'error',
    certainty: 'every run',
    title: 'the file holds more than one YAML document',
    explanation:
      'A line `---` begins a new document, and a spec is one document. Parts of a spec are other files, named in `include`.',
  },
  MP117: {
    slug: 'unresolved-alias',
    severity: 'error',
    certainty: 'every run',
    title: 'an alias repeats what nothing names',
    explanation: '`*NAME` repeats the value that stands behind `&NAME` further up in the same file.',
  },
  MP118: {
    slug: 'bad-merge',
    severity: 'error',
    certainty: 'every run',
    title: 'a merge key has nothing to merge',
    explanation: '`<<` takes an alias to a mapping, or a list of these. What the mapping itself says wins over what is merged.',
  },
  MP119: {
    slug: 'unquoted-template',
    severity: 'error',
    certainty: 'every run',
    title: '`${{ }}` stands without quotes in `[ ]` or `{ }`',
    explanation: 'Within `[ ]` and `{ }` YAML reads each `{` as the beginning of a mapping. Quotes make it text.',
  },
  MP120: {
    slug: 'star-without-quotes',
    severity: 'error',
    certainty: 'every run',
    title: 'a text that begins with `*` has no quotes',
    explanation: 'YAML takes a `*` at the beginning for an alias, so a pattern such as `**/*.ts` needs quotes.',
  },
  MP121: {
    slug: 'unset-name',
    severity: 'error',
    certainty: 'every run',
    title: 'a `${{ }}` names something that is not set',
    explanation:
      'The variable, matrix key or replica number has no value here. ' +
      "Set it, or write what stands in for it: `${{ env.NAME || 'default' }}`.",
  },
  MP122: {
    slug: 'template-known-later',
    severity: 'error',
    certainty: 'every run',
    title: 'a value that must be known before the run uses what only the run knows',
    explanation:
      '`vars`, `item` and `process` have values only while the run goes on. They may stand in commands that are lists, ' +
      '`args`, `environment`, `print`, `item`, `items`, `exit`, `shutdown` and the names of files.',
  },
  MP123: {
    slug: 'env-file',
    severity: 'error',
    certainty: 'every run',
    title: 'a file of variables cannot be read or understood',
    explanation:
      'Paths in `env_file` begin at the folder of the file that names them, and a line is `NAME=VALUE`, with quotes around a ' +
      'value that needs them; `#` begins a comment. A file that need not be there is written `{path: .env, required: false}`.',
  },
  MP124: {
    slug: 'instance-name-clash',
    severity: 'error',
    certainty: 'every run',
    title: 'an instance would have the name of something else',
    explanation:
      'Instances are called `NAME-1`, `NAME-2` for `replicas` and `NAME-VALUE-VALUE` for a `matrix`, and the slots of a pool ' +
      '`NAME-1` to `NAME-n`. These names share one name space with everything else, so that each can be referred to.',
  },
  MP125: {
    slug: 'bad-filled-value',
    severity: 'error',
    certainty: 'every run',
    title: 'a `${{ }}` gives a value that its key does not take',
    explanation:
      'What stands in for `${{ }}` must be what could have been written in its place: a duration with its unit, ' +
      'a whole number, one of a few words.',
  },
  MP126: {
    slug: 'not-in-this-version',
    severity: 'error',
    certainty: 'every run',
    title: 'a part of the language is not built yet',
    explanation:
      'The key is in the language and keeps its meaning, but this version of mpctl cannot do it. ' +
      'It is refused, because a run that ignores it would do something else than the spec says.',
  },
  MP127: {
    slug: 'include-unreadable',
    severity: 'error',
    certainty: 'every run',
    title: 'an included file cannot be read',
    explanation: 'Paths in `include` begin at the folder of the file that names them.',
  },
  MP128: {
    slug: 'include-cycle',
    severity: 'error',
    certainty: 'every run',
    title: 'a file includes itself',
    explanation: 'Files that include each other have no beginning. Put what both need into a third file.',
  },
  MP132: {
    slug: 'colon-without-quotes',
    severity: 'error',
    certainty: 'every run',
    title: 'a text with `: ` in it has no quotes',
    explanation: 'YAML takes a colon with a space behind it for the end of a key. Quotes make the whole line one text.',
  },
  MP133: {
    slug: 'print-has-no-shell',
    severity: 'error',
    certainty: 'every run',
    title: '`print` has a `$NAME` or a `$(COMMAND)`, which nothing expands',
    explanation:
      '`print` writes its text without a shell, so `$NAME` and `$(COMMAND)` would come out as they are. mpctl fills in `${{ vars.NAME }}` and ' +
      '`${{ env.NAME }}`; `run: [printf, "%s\\n", "$NAME"]` prints a real dollar sign with a name.',
  },
  MP134: {
    slug: 'template-syntax',
    severity: 'error',
    certainty: 'every run',
    title: 'a `${{ }}` cannot be understood',
    explanation:
      'Between the braces stands one name (`env.NAME`, `matrix.KEY`, `vars.NAME`, `item`, `process.NAME.FIELD`, `replica`, `replicas`, ' +
      "`cpu_count`), and behind `||` what stands in for null or unset: `'text'`, a number, true, false or null.",
  },
  MP135: {
    slug: 'template-in-script',
    severity: 'error',
    certainty: 'every run',
    title: '`${{ }}` stands in a shell script',
    explanation:
      'A value pasted into a script is run as code: a file called `; rm -rf ~` would be. The shell gets values as variables, ' +
      'as `"$NAME"`, or as arguments, as `"$1"`; a command that is a list has no shell and takes `${{ }}` as it is.',
  },
  MP136: {
    slug: 'never-set-at-run-time',
    severity: 'error',
    certainty: 'every run',
    title: 'a `${{ }}` names a variable or an item that there cannot be here',
    explanation:
      '`vars.NAME` is what an earlier step of the same process or pool keeps with `as: NAME`; `item` is the item of a task and ' +
      'stands in what the pool does for each task. Neither is known in `stop`, in probes, or where the tasks come from.',
  },
  MP137: {
    slug: 'nothing-to-pass-on',
    severity: 'note',
    certainty: 'every run',
    title: 'a variable is passed on that mpctl does not have',
    explanation:
      'A name without a value in `environment` passes the variable of that name on from mpctl to the process, as in docker compose. ' +
      'mpctl has none here, so the process will have none either.',
  },
  MP138: {
    slug: 'command-key-beside-steps',
    severity: 'error',
    certainty: 'every run',
    title: 'a key that only a `command` has stands beside `steps`',
    explanation:
      '`args`, `tty: true` and `stop.command` are about one command. A process or pool made of `steps` has no such command, ' +
      'so they would be without effect. A `run` step has `args` of its own.',
  },
  MP139: {
    slug: 'list-without-shell',
    severity: 'warning',
    certainty: 'possible',
    title: 'a command that is a list has a word that only a shell would understand',
    explanation:
      'A list is run as it is: its first item is the program, and no shell expands `$NAME` or joins commands. Write the whole ' +
      'command as one string, which the shell runs, or let mpctl fill in `${{ env.NAME }}` and `${{ item }}`.',
  },
  MP140: {
    slug: 'used-by-nobody',
    severity: 'note',
    certainty: 'every run',
    title: 'nothing in the spec uses a primitive',
    explanation:
      'No process holds it, no step uses it and no `uses` names it. A program may take locks and semaphores, use values and wait ' +
      'for events without an entry in `uses`; whatever else nobody uses can be removed.',
  },
  MP141: {
    slug: 'too-many',
    severity: 'error',
    certainty: 'every run',
    title: 'a spec asks for more instances or tasks than it may have',
    explanation:
      'Every instance, worker and combination of a matrix has a name and a place in the plan, so that a slip of the pen would keep ' +
      '`check` busy for ever. One process has at most 100,000 instances, one pool as many workers, and a matrix of `tasks` makes at ' +
      'most 1,000,000. `tasks` from `range`, `lines`, `stdin` or a queue have no limit: they are read as the pool goes on.',
  },
  MP142: {
    slug: 'ignores-nothing',
    severity: 'warning',
    certainty: 'every run',
    title: 'a comment ignores what is not found on its line',
    explanation:
      '`# mpctl-ignore: MP139` at the end of a line leaves out the warnings and notes of that code that point to this line; several codes ' +
      'stand with commas between them, and why may follow. One that ignores nothing hides what comes later: a mended line, a ' +
      'comment that has stayed behind when its line moved, a slip of the pen. An error cannot be ignored, as no run can work with it.',
  },
  MP143: {
    slug: 'placeholder-in-script',
    severity: 'warning',
    certainty: 'possible',
    title: 'a script of a pool has a `{}`, which nothing fills in',
    explanation:
      'xargs and GNU parallel write the item where `{}` stands. In a spec nothing is written into a script, so that no item is ever read as ' +
      'shell source: a script finds its item in the variable `MPCTL_ITEM`, and a list takes `${{ item }}`. `mpctl pool` does replace `{}`.',
  },
} as const satisfies Record<`MP1${number}`, CodeEntry>;
