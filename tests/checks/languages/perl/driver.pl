use strict;
use warnings;

use Encode qw(decode_utf8);
use FindBin;

require "$FindBin::Bin/user_hash.pl";

while (my $line = <STDIN>) {
    chomp $line;
    my ($secret, $user_id) = map { decode_utf8(pack 'H*', $_) } split /\t/, $line;
    print user_hash($secret, $user_id), "\n";
}
