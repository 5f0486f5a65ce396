# Opens tokens with json-jwt: each line is ["open", token].
require 'json/jwt'

$stdin.each_line do |line|
  JSON::JWT.decode(JSON.parse(line)[1], ARGV[0], :HS256)
  puts 'true'
rescue StandardError
  puts 'null'
end
