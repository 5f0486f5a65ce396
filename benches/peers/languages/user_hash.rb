require "openssl"

SECRET, IDENTIFIER, USER_HASH = ARGV

def compute(identifier = IDENTIFIER) = OpenSSL::HMAC.hexdigest("sha256", SECRET, identifier)

def verify(identifier = IDENTIFIER) = OpenSSL.fixed_length_secure_compare(compute(identifier), USER_HASH)

raise "wrong" unless compute == USER_HASH && verify && !verify("another")

def now = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)

# Answers as `serve` of `src/lib.rs` does.
$stdout.sync = true
operations = { "compute" => -> { compute }, "verify" => -> { verify } }
puts operations.keys.join("\t")
$stdin.each_line(chomp: true) do |line|
  calls, name = line.split("\t")
  operation = operations.fetch(name)
  began = now
  calls.to_i.times { operation.call }
  puts "#{now - began}\t-"
end
