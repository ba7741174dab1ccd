-- Sends the requests of a file in turn, repeatedly, and prints a summary as JSON at the end. Run by wrk.ts.

local requests = {}
local place = 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for request in file:read("*a"):gmatch("[^%z]+") do
    requests[#requests + 1] = request
  end
  file:close()
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"answered":%d,"failed":%d,"tookUs":%d,"p50":%d,"p90":%d,"p99":%d,"max":%d}\n',
    summary.requests - errors.status,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max
  ))
end
