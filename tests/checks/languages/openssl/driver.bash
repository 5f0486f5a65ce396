set -euo pipefail
source "$(dirname "$0")/user_hash.sh"

bytes() {
    basenc --base16 --decode <<<"${1^^}"
}

while IFS=$'\t' read -r secret user_id; do
    user_hash <(bytes "$secret") < <(bytes "$user_id")
done
