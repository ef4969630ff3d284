/**
 * What the launcher runs: `perl -e <this>`. It reads requests, each a line `<number> <bytes>` and then so
 * many bytes, fields with a NUL between them: the working directory, the paths for standard output and
 * standard error, how many arguments, these, and the whole environment. Each is started in a session and
 * process group of its own, with an empty standard input, and answered with `S <number> <pid>`, or
 * `F <number> <errno>` where the system has refused it. The end of a child is told as `X <pid> <status>`,
 * with the status as wait(2) has it. The end of its input is its own end; it ends nobody else.
 *
 * What says whether a command could be executed is a pipe that is closed by a successful execve(2). A
 * SIGCHLD between the look for ended children and the wait for input would be missed, so that while
 * there are children the wait is bounded: short where much goes on, longer where nothing does.
 */
export const launcherScript = `
use POSIX ();
$SIG{CHLD} = sub {};
my ($buffer, $children, $idle) = ('', 0, 0);
open(my $empty, '<', '/dev/null') or exit 1;
sub say_all { my $text = shift; while (length $text) { my $n = syswrite(STDOUT, $text); if (defined $n) { substr($text, 0, $n) = '' } elsif ($! != POSIX::EINTR) { exit 1 } } }
sub start {
  my ($number, @fields) = @_;
  my ($folder, $out_path, $err_path, $count) = splice(@fields, 0, 4);
  my @command = splice(@fields, 0, $count);
  my ($out, $err, $read, $write);
  if (!sysopen($out, $out_path, POSIX::O_WRONLY) || !sysopen($err, $err_path, POSIX::O_WRONLY) || !pipe($read, $write)) {
    return "F $number " . ($! + 0) . "\\n";
  }
  my $pid = fork();
  return "F $number " . ($! + 0) . "\\n" unless defined $pid;
  if ($pid == 0) {
    POSIX::setsid();
    if (chdir($folder)) {
      %ENV = ();
      for (@fields) { my $at = index($_, '='); $ENV{substr($_, 0, $at)} = substr($_, $at + 1) }
      POSIX::dup2(fileno($empty), 0); POSIX::dup2(fileno($out), 1); POSIX::dup2(fileno($err), 2);
      $SIG{CHLD} = 'DEFAULT';
      { no warnings; exec { $command[0] } @command; }
    }
    syswrite($write, pack('N', $! + 0));
    POSIX::_exit(127);
  }
  close($write);
  my ($answer, $n) = ('');
  do { $n = sysread($read, $answer, 4) } while (!defined $n && $! == POSIX::EINTR);
  if (length $answer) { waitpid($pid, 0); return "F $number " . unpack('N', $answer) . "\\n" }
  $children++;
  return "S $number $pid\\n";
}
for (;;) {
  my $said = '';
  while ($children) {
    my $pid = waitpid(-1, POSIX::WNOHANG);
    last if $pid <= 0;
    $said .= "X $pid $?\\n";
    $children--;
  }
  say_all($said);
  if ($buffer =~ /^(\\d+) (\\d+)\\n/ && length($buffer) >= $+[0] + $2) {
    my ($number, $from, $bytes) = ($1, $+[0], $2);
    my @fields = split(/\\0/, substr($buffer, $from, $bytes), -1);
    substr($buffer, 0, $from + $bytes) = '';
    say_all(start($number, @fields));
    next;
  }
  my $ready = '';
  vec($ready, 0, 1) = 1;
  my $found = select($ready, undef, undef, $children ? ($idle < 100 ? 0.01 : 0.25) : undef);
  $idle = $found == 0 ? $idle + 1 : 0;
  next unless $found > 0;
  my $n = sysread(STDIN, $buffer, 262144, length $buffer);
  exit 0 if defined $n && $n == 0;
}
`;
