<?php

require __DIR__ . '/user_hash.php';

while (($line = fgets(STDIN)) !== false) {
    [$secret, $user_id] = array_map('hex2bin', explode("\t", rtrim($line)));
    echo user_hash($secret, $user_id), "\n";
}
