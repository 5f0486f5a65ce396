use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use Encode qw(encode_utf8);

sub user_hash {
    my ($secret, $user_id) = @_;
    return hmac_sha256_hex(encode_utf8($user_id), encode_utf8($secret));
}

1;
