# Signs and verifies with ruby-jwt: each line is ["sign", algorithm, claims], ["verify", token] or ["open", token].
require 'json'
require 'jwt'

key = ARGV[0]
$stdin.each_line do |line|
  what, *operands = JSON.parse(line)
  answer =
    if what == 'sign'
      algorithm, claims = operands
      JWT.encode(claims, algorithm == 'none' ? nil : key, algorithm)
    else
      begin
        claims = JWT.decode(operands[0], key, true, algorithm: 'HS256')[0]
        what == 'verify' ? claims : true
      rescue StandardError
        nil
      end
    end
  puts JSON.generate(answer)
end
