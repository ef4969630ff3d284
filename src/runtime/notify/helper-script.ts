/**
 * What has datagram sockets in place of Node, which has none of the local kind. A line on standard input is an
 * order, `+ NUMBER PATH` or `- NUMBER`; one on standard output says `up`, that a socket is there (`+ NUMBER`) or
 * cannot be (`! NUMBER WHY`), or has a message (`m NUMBER HEX`). With the end of its input it ends.
 */
const perlScript = `
use strict; use Socket; use IO::Handle;
STDOUT->autoflush(1); umask 077;
my (%socket, %path); my $orders = '';
print "up\\n";
while (1) {
  my $ready = ''; vec($ready, 0, 1) = 1;
  vec($ready, fileno($_), 1) = 1 for values %socket;
  next if select($ready, undef, undef, undef) < 0;
  for my $number (keys %socket) {
    next unless vec($ready, fileno($socket{$number}), 1);
    my $message;
    print "m $number ", unpack('H*', $message), "\\n" if defined recv($socket{$number}, $message, 65536, MSG_DONTWAIT);
  }
  next unless vec($ready, 0, 1);
  last unless sysread(STDIN, $orders, 65536, length $orders);
  while ($orders =~ s/^([^\\n]*)\\n//) {
    my ($what, $number, $path) = split / /, $1, 3;
    close delete $socket{$number} if $socket{$number};
    unlink delete $path{$number} if defined $path{$number};
    next if $what ne '+';
    unlink $path;
    my $new;
    if (socket($new, AF_UNIX, SOCK_DGRAM, 0) && bind($new, pack_sockaddr_un($path))) {
      ($socket{$number}, $path{$number}) = ($new, $path);
      print "+ $number\\n";
    } else {
      print "! $number $!\\n";
    }
  }
}
unlink values %path;
`;

const pythonScript = `
import os, select, socket, sys
os.umask(0o077)
sockets, paths, orders = {}, {}, b''
def say(text):
    os.write(1, text.encode() + b'\\n')
def remove(path):
    try:
        os.unlink(path)
    except OSError:
        pass
say('up')
while True:
    ready = select.select([0, *sockets.values()], [], [])[0]
    for number, opened in list(sockets.items()):
        if opened in ready:
            try:
                say('m %s %s' % (number, opened.recv(65536, socket.MSG_DONTWAIT).hex()))
            except OSError:
                pass
    if 0 not in ready:
        continue
    more = os.read(0, 65536)
    if not more:
        break
    orders += more
    while b'\\n' in orders:
        line, orders = orders.split(b'\\n', 1)
        what, number, *path = os.fsdecode(line).split(' ', 2)
        if number in sockets:
            sockets.pop(number).close()
            remove(paths.pop(number))
        if what == '+':
            remove(path[0])
            opened = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            try:
                opened.bind(path[0])
            except OSError as error:
                opened.close()
                say('! %s %s' % (number, error.strerror))
            else:
                sockets[number], paths[number] = opened, path[0]
                say('+ %s' % number)
for path in paths.values():
    remove(path)
`;

/** Programs that may be the helper, best first: every Debian and macOS has the first. */
export const notifyHelpers: readonly (readonly [program: string, ...words: string[]])[] = [
  ['perl', '-e', perlScript],
  ['python3', '-IS', '-c', pythonScript],
];
