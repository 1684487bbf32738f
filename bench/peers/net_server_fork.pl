# Perl's Net::Server, personality Fork, as an echo server. Usage: net_server_fork.pl PORT
package Echo;

use strict;
use warnings;
use base qw(Net::Server::Fork);

sub process_request {
  my $self = shift;
  my $client = $self->{server}{client};
  while (sysread($client, my $chunk, 65536)) {
    my $written = 0;
    while ($written < length $chunk) {
      my $count = syswrite($client, $chunk, length($chunk) - $written, $written);
      return unless defined $count;
      $written += $count;
    }
  }
}

# Net::Server would read the port from the command line as an option of its own.
my $port = shift @ARGV;

__PACKAGE__->run(
  host => '127.0.0.1',
  port => $port,
  listen => 511,
  max_servers => 1000,
  log_level => 0,
);
