-- Repeats one kind of request. Counts the responses whose status is not the expected one.
wrk.method = "POST"
wrk.body = os.getenv("BODY")
wrk.headers["Content-Type"] = "application/json"

local wanted = tonumber(os.getenv("WANTED"))
local threads = {}

function setup(thread)
    table.insert(threads, thread)
end

function init()
    otherwise = 0
end

function response(status)
    if status ~= wanted then
        otherwise = otherwise + 1
    end
end

function done(summary)
    local errors = summary.errors
    local answered_otherwise = 0
    for _, thread in ipairs(threads) do
        answered_otherwise = answered_otherwise + thread:get("otherwise")
    end
    print(string.format("%d %d %d", summary.requests, answered_otherwise,
        errors.connect + errors.read + errors.write + errors.timeout))
end
