require "openssl"

def user_hash(secret, user_id)
  OpenSSL::HMAC.hexdigest("SHA256", secret, user_id)
end
