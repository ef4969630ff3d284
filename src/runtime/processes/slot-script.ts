import { slotShellPath } from './subshell-script.ts';

/** Of so many leading words of the last command the shell can be told that they are those of the next one as well. */
export const mostKeptWords = 4;

/**
 * What the shell of a slot runs: `/bin/sh -c <this> /bin/sh <marker> <PWD> <folder>`, a fork server for the commands
 * of one slot of a pool. It reads lines, of which the first character says what the rest is: `e` a variable for the
 * environment, or what follows `1` its own variable `mpctl_slot_1`, `2` and `3` the others of that name, in such a
 * variable; `o` and `r` the paths for standard output and standard error; `k` how many words of the
 * last command begin the next one, `a` its next word; `x` or `s` that it is complete and runs now; `c` or `d` the same where
 * the words are a script and its arguments, which with `d` ends at its first failure; `X` the only word after the first one of
 * the last command, and that it runs now in the same way; `Y` the same of a word that is `mpctl_slot_1` as well, as an item is; `Z` that after what follows `2` and `3`, a space behind each; `M` the beginning
 * of a text with a newline in it, whose rest follows. Whatever is not said is as it was for the last command. Its
 * answer is `= <status>`. A shell reads a character at a time, each by a system call: so the lines are short, and few.
 *
 * Where another folder has the path of its own by now it runs nothing, and ends with 1: whoever starts the command anew
 * finds the right one. The shell asks that in a fraction of what a stat(2) costs Node.
 *
 * It has set `PWD` by itself, as any shell does, and a script that it runs is to find it so; its second argument is what the
 * other commands are to have of it, or empty for nothing.
 *
 * No text from outside is ever read as shell source, but a script that a shell was to read anyway: arguments are positional parameters, and a variable
 * is set by `export` of one word. With `x` the command is a simple command, so that the shell can start it
 * with vfork(2), which is what makes it quicker than xargs; whatever it does happens in a process of its own.
 * Descriptor 9 is the marker, a named pipe: while anybody of the command lives on, it has a writer, unless he has
 * closed it. Standard output and standard error are such pipes as well where mpctl reads them.
 *
 * Of a command that a signal has ended the shell says so in words, as nothing else tells it from an exit
 * code above 128: some shells at the end of its standard error, others here, where standard error is the same
 * pipe as the answers. With `s`, `c` and `d` the command runs in a subshell and they all say it here. The signals that stop a
 * group are caught, and so are at their default again in the command: the shell outlives it and says how it ended.
 */
export const slotScript = `
exec 2>&1
trap : HUP INT QUIT TERM
mpctl_slot_pwd=$PWD
case $2 in PWD=*) export "$2" ;; *) unset PWD ;; esac
mpctl_slot_marker=$1 mpctl_slot_folder=$3
set -- "$mpctl_slot_1" "$mpctl_slot_2" "$mpctl_slot_3"
# No command has them in its environment.
unset mpctl_slot_1 mpctl_slot_2 mpctl_slot_3
mpctl_slot_1=$1 mpctl_slot_2=$2 mpctl_slot_3=$3
mpctl_slot_text= mpctl_slot_out=/dev/null mpctl_slot_err=/dev/null mpctl_slot_way=
mpctl_slot_run() {
  # What cannot be parsed is told best by a shell of its own, and any other error from within a function.
  trap 'exec ${slotShellPath} -c "$1" 2>>"$mpctl_slot_err"' EXIT
  eval "mpctl_slot_task() { $1
}" 2>/dev/null || exit
  trap - EXIT
  export PWD="$mpctl_slot_pwd"
  shift
  case $mpctl_slot_way in d) set -e ;; esac
  mpctl_slot_task "$@"
}
# Outside of its POSIX mode Bash, too, says which signal has ended a command.
case \${BASH_VERSION-} in ?*) set +o posix ;; esac
while IFS= read -r mpctl_slot_line; do
  case $mpctl_slot_line in
    Z*)
      mpctl_slot_line=$mpctl_slot_text\${mpctl_slot_line#?}
      export "$mpctl_slot_2\${mpctl_slot_line%% *}"
      mpctl_slot_line=\${mpctl_slot_line#* }
      export "$mpctl_slot_3\${mpctl_slot_line%% *}"
      mpctl_slot_line=\${mpctl_slot_line#* }
      export "$mpctl_slot_1$mpctl_slot_line"
      set -- "$1" "$mpctl_slot_line"
      mpctl_slot_line=Z ;;
    Y*)
      export "$mpctl_slot_1$mpctl_slot_text\${mpctl_slot_line#?}"
      set -- "$1" "$mpctl_slot_text\${mpctl_slot_line#?}" ;;
    X*) set -- "$1" "$mpctl_slot_text\${mpctl_slot_line#?}" ;;
    a*) set -- "$@" "$mpctl_slot_text\${mpctl_slot_line#?}" ;;
    1*) export "$mpctl_slot_1$mpctl_slot_text\${mpctl_slot_line#?}" ;;
    2*) export "$mpctl_slot_2$mpctl_slot_text\${mpctl_slot_line#?}" ;;
    3*) export "$mpctl_slot_3$mpctl_slot_text\${mpctl_slot_line#?}" ;;
    e*) export "$mpctl_slot_text\${mpctl_slot_line#?}" ;;
    k0) set -- ;;
    k1) set -- "$1" ;;
    k2) set -- "$1" "$2" ;;
    k3) set -- "$1" "$2" "$3" ;;
    k4) set -- "$1" "$2" "$3" "$4" ;;
    [cdsx]) mpctl_slot_way=$mpctl_slot_line ;;
    M*)
      mpctl_slot_text="$mpctl_slot_text\${mpctl_slot_line#?}
"
      continue ;;
    o*) mpctl_slot_out=$mpctl_slot_text\${mpctl_slot_line#?} ;;
    r*) mpctl_slot_err=$mpctl_slot_text\${mpctl_slot_line#?} ;;
  esac
  mpctl_slot_text=
  case $mpctl_slot_line in
    [XYZcdsx]*)
      [ . -ef "$mpctl_slot_folder" ] || exit 1
      case $mpctl_slot_way in
        [cd]) (mpctl_slot_run "$@") </dev/null >>"$mpctl_slot_out" 2>>"$mpctl_slot_err" 9>"$mpctl_slot_marker" ;;
        x) "$@" </dev/null >>"$mpctl_slot_out" 2>>"$mpctl_slot_err" 9>"$mpctl_slot_marker" ;;
        *) (exec "$@" </dev/null >>"$mpctl_slot_out" 2>>"$mpctl_slot_err" 9>"$mpctl_slot_marker") ;;
      esac
      echo "= $?" ;;
  esac
done
`;
