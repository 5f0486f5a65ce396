# Opens tokens with Crypt::JWT: each line is ["open", token].
use strict;
use warnings;
use Crypt::JWT 'decode_jwt';
use JSON::PP;

while (my $line = <STDIN>) {
    my $token = eval { decode_json($line)->[1] } // '';
    utf8::encode($token);
    print eval { decode_jwt(token => $token, key => $ARGV[0], accepted_alg => 'HS256') } ? "true\n" : "null\n";
}
