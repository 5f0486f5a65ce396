<?php

function user_hash(string $secret, string $user_id): string
{
    return hash_hmac('sha256', $user_id, $secret);
}
