-- What wrk counted, exact and for a program to read; runs after the load.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"bytes":%d,"microseconds":%d,"errors":%d,"p99Microseconds":%d}\n',
    summary.requests,
    summary.bytes,
    summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(99)
  ))
end
