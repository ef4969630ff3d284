import type { CodeEntry } from './code-entry.ts';

/** At run time. */
export const codes8xx = {
  MP801: {
    slug: 'command-not-found',
    severity: 'error',
    title: 'the command does not exist',
    explanation:
      'A list is run without a shell: its first word is a file, looked up in PATH when it has no slash. Install the program, write its path, or write the command as one string when it needs a shell. The process fails with 127.',
  },
  MP802: {
    slug: 'working-dir-missing',
    severity: 'error',
    title: 'the working directory cannot be entered',
    explanation:
      'The folder named by working_dir has to exist when the command starts. Create it in an earlier process or correct the path. The process fails with 126.',
  },
  MP803: {
    slug: 'interpreter-missing',
    severity: 'error',
    title: 'the interpreter of a script does not exist',
    explanation:
      'The first line of the script names a program that is not there; a line that ends in CR LF names one that nobody has. Correct the line or install the interpreter. The process fails with 127.',
  },
  MP804: {
    slug: 'command-not-executable',
    severity: 'error',
    title: 'the command may not be executed',
    explanation:
      'The file is there, but it is a directory or lacks the permission to execute: give it with chmod +x, or name the interpreter first. Or it is a program that is damaged, or was built for another kind of machine: build it anew for this one. The process fails with 126.',
  },
  MP805: {
    slug: 'arguments-too-long',
    severity: 'error',
    title: 'the arguments are too long for the system',
    explanation:
      'The kernel limits the size of arguments and environment together, and on Linux each of them to 128 KiB. Pass large data through stdin, a file or a queue.',
  },
  MP806: {
    slug: 'nul-in-command',
    severity: 'error',
    title: 'a NUL character in a command',
    explanation:
      'No argument and no environment variable can contain a NUL character. Pass such data through stdin or a file.',
  },
  MP807: {
    slug: 'out-of-resources',
    severity: 'error',
    title: 'too many files are open to start a command',
    explanation:
      'mpctl, or the whole system, has as many files open as it may. The start was tried again with growing pauses and failed each time. Start fewer commands at once with max_parallel, or raise the limit (ulimit -n shows it).',
  },
  MP808: {
    slug: 'stream-file-unusable',
    severity: 'error',
    title: 'a file for a standard stream cannot be opened',
    explanation:
      'The file named under stdin, stdout or stderr is missing or may not be opened, so the command was not started. A folder that is not there is not made: make it before, as by a process that this one depends on.',
  },
  MP809: {
    slug: 'terminal-unavailable',
    severity: 'error',
    title: 'a pseudo-terminal cannot be had',
    explanation:
      'tty: true needs the package @lydell/node-pty with a binary for this system, and a free pseudo-terminal. Install it, or run the process without tty.',
  },
  MP810: {
    slug: 'spawn-failed',
    severity: 'error',
    title: 'the command could not be started',
    explanation:
      'The system refused the start for a reason without a message of its own; the reason is in the message.',
  },
  MP811: {
    slug: 'too-many-processes',
    severity: 'error',
    title: 'there are too many processes to start another one',
    explanation:
      'The user, the container or the system has as many processes as it may. The start was tried again with growing pauses and failed each time. Start fewer commands at once with max_parallel, or raise the limit (ulimit -u shows that of the user, pids.max that of a container).',
  },
  MP812: {
    slug: 'out-of-memory',
    severity: 'error',
    title: 'there is not enough memory to start a command',
    explanation:
      'The start was tried again with growing pauses and failed each time. Start fewer commands at once with max_parallel, or give the machine or the container more memory.',
  },
  MP813: {
    slug: 'command-being-written',
    severity: 'error',
    title: 'the file of a command is still being written',
    explanation:
      'Somebody has the program open for writing, and the system starts no such program. The start was tried again with growing pauses and failed each time. Depend on whoever writes it, and have it closed before that ends.',
  },
  MP820: {
    slug: 'log-not-writable',
    severity: 'warning',
    title: 'a log file cannot be written',
    explanation:
      'The process goes on and its output is still shown; what cannot be written is counted. Writing is tried again every five seconds.',
  },
  MP821: {
    slug: 'log-resumed',
    severity: 'warning',
    title: 'a log file can be written again',
    explanation:
      'The log has a line that says how many bytes are missing at that place.',
  },
  MP822: {
    slug: 'run-folder-unwritable',
    severity: 'error',
    title: 'the folder of the run cannot be written',
    explanation:
      'A run keeps its logs, and how it ended, in .mpctl/runs beside the spec, or in the state folder of the user where the project is read-only. Make one of the two writable.',
  },
  MP823: {
    slug: 'guardian-lost',
    severity: 'warning',
    title: 'the guardian of the run cannot be kept alive',
    explanation:
      'A small shell process ends all workers should mpctl be killed. It could not be started, so a killed mpctl would leave its workers running.',
  },
  MP824: {
    slug: 'client-refused',
    severity: 'warning',
    title: 'a client of the socket was refused',
    explanation:
      'A program asked something of the run without its key, or with one that is none of this run, or of an attempt of its process that has ended: what a program leaves behind may not act for the next attempt. Programs that mpctl starts have theirs in MPCTL_AUTHKEY; pass it on to whatever they start with an environment of its own.',
  },
  MP825: {
    slug: 'no-socket',
    severity: 'warning',
    title: 'there is no socket for the programs of the run',
    explanation:
      'The path of the run folder is too long for a Unix socket, and no private folder could be made elsewhere. Processes run, but cannot use locks, queues and the rest themselves. Set XDG_RUNTIME_DIR or TMPDIR to a folder of your own.',
  },
  MP826: {
    slug: 'launcher-lost',
    severity: 'warning',
    title: 'the launcher of the run was ended',
    explanation:
      'In a run of many commands a small perl process starts them, since a fork of mpctl itself takes longer. Somebody has ended it. Nobody hears any more how the commands end that it had started: those that were still running are ended, and count as killed. mpctl starts all others itself.',
  },
  MP827: {
    slug: 'jobserver-unusable',
    severity: 'warning',
    title: "make's jobserver cannot be used",
    explanation:
      "MAKEFLAGS says that make has a jobserver, and what it names is not there: make closes it in recipes that it does not take for a make. Put + before the recipe line, and call mpctl itself there and not by a program such as npx, which passes no descriptors on. The run goes on as without make: its own limits are workers and max_parallel, and -j of mpctl pool.",
  },
  MP828: {
    slug: 'no-jobserver-offered',
    severity: 'warning',
    title: 'a pool cannot offer its jobserver',
    explanation:
      'jobserver: true needs a named pipe in the folder of the run, and none can be made or opened there. The tasks run all the same, and a make in one of them runs as many jobs as it is told to.',
  },
  MP829: {
    slug: 'output-not-shown',
    severity: 'warning',
    title: 'lines were not shown since nobody read them',
    explanation:
      "While a run goes on, a process whose lines nobody reads waits, as in command | less. What is being stopped does not wait: it is to end within its time. So of what it has still written only as much was kept for whoever reads mpctl's output as fits into 2 MiB; the log files have all of it.",
  },
  MP830: {
    slug: 'containment-not-had',
    severity: 'error',
    title: 'the containment that the spec asks for cannot be had here',
    explanation:
      'The level says by what the processes of a run are found when it ends: group and marker by their process group and their environment, cgroup by a cgroup v2 that nobody leaves, pidns by a PID namespace that ends with the run. ' +
      'Less than was asked for is never taken instead, and nothing was started. `mpctl doctor` says what can be had on this machine, and why not the rest; auto takes the best of it.',
  },
  MP831: {
    slug: 'first-process',
    severity: 'warning',
    title: 'mpctl is the first process of its container',
    explanation:
      'What loses its parent becomes a child of process 1, and stays as a zombie until that reaps it, which Node does only for what it has started itself. The run is not kept by zombies, and ends as elsewhere, but each has a place in the process table until the container ends. Give the container an init: docker run --init, or tini in front of mpctl.',
  },
  MP832: {
    slug: 'no-notify-socket',
    severity: 'warning',
    title: 'programs have no socket to say that they are ready',
    explanation:
      'With readiness_probe: {notify: true} a program may say mpctl ready, or READY=1 to the socket in NOTIFY_SOCKET as it says it to systemd. That is a datagram socket, which Node does not have: a small perl or python3 has it, and neither is there, or it was ended again and again, or no folder for it can be made. Install one of them (perl-base or python3), or let the program say mpctl ready.',
  },
  MP840: {
    slug: 'pool-had-no-tasks',
    severity: 'warning',
    title: 'a pool had no tasks',
    explanation:
      'The source of its tasks was empty, so the pool has succeeded without doing anything. Look at the pattern or the file named under tasks; leave it as it is where an empty source is normal.',
  },
  MP841: {
    slug: 'results-not-taken',
    severity: 'warning',
    title: 'results of a pool or lines of a process were not taken',
    explanation:
      'Nobody can still get from the queue that results or stdout names, or what puts into it was stopped while the queue was full, so what was to go there is lost. Let a process get until the end of the queue, give the queue more capacity, or write to a file.',
  },
  MP842: {
    slug: 'items-dropped',
    severity: 'warning',
    title: 'items of a queue were lost with their consumer',
    explanation:
      'A consumer has ended before the items that it had in hand were done: those of a task, of a step `each`, and of a program whose ' +
      '`uses` has `task_done`. With `on_consumer_death: redeliver` they go back to the head of the queue. What a program got without ' +
      '`task_done`, or read from its stdin, is its own, and nobody hears of it.',
  },
  MP843: {
    slug: 'foreign-release',
    severity: 'warning',
    title: 'a permit was released by somebody who held none',
    explanation:
      'A semaphore lets anyone release, and the permit was taken off the one that has held it longest. Release where it was acquired, or use an event when one process is to wake another. ' +
      'Whoever ends gives back what it still holds, so that a later release by another is one too many where the semaphore is bounded, and fails: for a semaphore that one takes and another releases, as for the room in a buffer, write bounded: false.',
  },
  MP844: {
    slug: 'output-file-unwritable',
    severity: 'error',
    title: 'a file for results cannot be written',
    explanation:
      'What was to be written to results, to joblog or to the stdout file of a print step would be lost, so the pool or the step has failed. A pool whose file cannot be opened starts no task; where a later line cannot be written its tasks go on, and it fails at its end. Make the folder first, correct the path, or make room on the disk. Where the run is resumed then, tasks without a record in results, or without a line in joblog, run again.',
  },
  MP846: {
    slug: 'stop-command-not-run',
    severity: 'warning',
    title: 'a stop command was not run, or not to its end',
    explanation:
      'The command under stop does not exist, or names something that only the run could have set, so the stop signal was sent without it; or it took longer than grace_period, which is its time too, and was ended. Correct the path of the command, or give it more time; a name can have a value that stands in: NAME || default.',
  },
  MP847: {
    slug: 'task-item-incomplete',
    severity: 'error',
    title: 'the item of a task names something that is not set',
    explanation:
      'What the name stands for was not known when the task was made, so the task has failed without being started. Name the thing itself, or give the name a value that stands in: NAME || default.',
  },
  MP848: {
    slug: 'captured-output-cut',
    severity: 'warning',
    title: 'output that is kept as a value was cut',
    explanation:
      'What a step keeps with as, and the value of a task, hold at most 64 MiB. Write large output to a file and pass its name.',
  },
  MP849: {
    slug: 'process-left-its-group',
    severity: 'warning',
    title: 'a program had left its process group',
    explanation:
      'A program that a process or task had started called setsid or setpgid, so the stop signal did not reach it; it was found by the mark of the run and ended last, and which of them had started it cannot be told any more. Start it in the foreground, as a daemon of its own in the spec.',
  },
  MP850: {
    slug: 'worker-answer-wrong',
    severity: 'warning',
    title: 'a long-lived worker wrote something else than the answer to its task',
    explanation:
      'The worker of a pool writes one line for each task, in the order in which it read them: {"task":0,"result":…} or {"task":0,"error":"…"}. ' +
      'This one wrote another line, answered twice, or for a task that it did not have. Its task is lost and it was replaced. ' +
      'Let it print to standard error; `serve` of both clients sees to that by itself.',
  },
  MP860: {
    slug: 'task-has-changed',
    severity: 'warning',
    title: 'a task was another one in the run that is resumed',
    explanation:
      'Tasks are compared by their numbers and items. Where a line was put in or taken out, or a file has come between the others, every task behind it has another number, and runs again. Add new lines at the end. Records of tasks that are no more stay in results. Where there are fewer tasks than before, as when standard input was not given again, nobody can run those that are missing: the pool fails if one of them had not succeeded. Put them back and resume again, or run the spec anew.',
  },
  MP861: {
    slug: 'fates-not-noted',
    severity: 'warning',
    title: 'the fates of tasks could not be noted in the folder of the run',
    explanation:
      'The run goes on, but where it is resumed these tasks run again although they have succeeded. Make room on the disk.',
  },
  MP862: {
    slug: 'earlier-results-missing',
    severity: 'warning',
    title: 'a file of results lacks tasks that have succeeded before',
    explanation:
      'A resumed run adds to the results of the run that it goes on from. The file was removed, emptied by another run or is another one by now, so that it will not be whole in the end. Put it back and resume again, or run the spec anew.',
  },
  MP870: {
    slug: 'schedule-left',
    severity: 'warning',
    title: 'a run did not do what its schedule says',
    explanation:
      'With --schedule each operation waits for its turn. Here it came to something that the schedule does not know: the spec has changed since it was written, a real command behaves in another way than it declares, or the check follows something more coarsely than a run. ' +
      'The rest of the run is not held back any more. Check the spec anew, or leave out --real.',
  },
} as const satisfies Record<`MP8${number}`, CodeEntry>;
