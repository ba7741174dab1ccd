import autocannon from 'autocannon';
import type { ClosedLoad, Measured } from './load.ts';

/** Puts a closed load on with autocannon: `connections` clients, each with its own requests. */
async function run({ url, connections, seconds, amount, shots }: ClosedLoad): Promise<Measured> {
  let next = 0;
  const result = await autocannon({
    url,
    connections,
    ...(amount === undefined ? { duration: seconds ?? 1 } : { amount }),
    timeout: 30,
    setupClient(client) {
      const own = shots[next % shots.length] ?? [];
      next += 1;
      client.setRequests(own as autocannon.Request[]);
    },
  });
  const { p50, p90, p99, max } = result.latency;
  return {
    answered: result['2xx'],
    failed: result.non2xx + result.errors,
    tookMs: result.finish.getTime() - result.start.getTime(),
    latencyMs: { p50, p90, p99, max },
  };
}

process.once('message', (load: ClosedLoad) => {
  void run(load).then((measured) => process.send?.(measured));
});
