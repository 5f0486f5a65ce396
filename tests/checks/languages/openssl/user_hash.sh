# printf %s "$user_id" | user_hash SECRET_FILE
#
# The file holds the secret and no newline. For trying things out only: while openssl runs, everybody on the machine
# can read its arguments, and the secret is among them.
user_hash() {
    secret=$(od -An -v -tx1 "$1" | tr -d ' \n')
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$secret" -r | cut -d ' ' -f 1
}
