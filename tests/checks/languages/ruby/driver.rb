require_relative "user_hash"

STDIN.each_line(chomp: true) do |line|
  secret, user_id = line.split("\t").map { |digits| [digits].pack("H*").force_encoding("UTF-8") }
  puts user_hash(secret, user_id)
end
