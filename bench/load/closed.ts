import autocannon from 'autocannon';
import type { ClosedLoad, Measured } from './load.ts';
import { percentiles } from './percentiles.ts';

/** Runs a closed load with autocannon: `connections` clients, each with its own requests. */
async function run({ url, connections, seconds, amount, shots }: ClosedLoad): Promise<Measured> {
  let next = 0;
  const beganMs = performance.now();
  let lastMs = beganMs;
  const tookMs: number[] = [];
  // autocannon returns a value that is both an emitter and a promise; its types declare only one of the two.
  const running = autocannon({
    url,
    connections,
    ...(amount === undefined ? { duration: seconds ?? 1 } : { amount }),
    timeout: 30,
    setupClient(client) {
      const own = shots[next % shots.length] ?? [];
      next += 1;
      client.setRequests(own as autocannon.Request[]);
    },
  }) as unknown as autocannon.Instance & Promise<autocannon.Result>;
  // autocannon rounds its percentiles to milliseconds, and its duration up to the next full second.
  running.on('response', (_client, _status, _bytes, ms) => {
    tookMs.push(ms);
    lastMs = performance.now();
  });
  const result = await running;
  return {
    answered: result['2xx'],
    failed: result.non2xx + result.errors,
    tookMs: (amount === undefined ? performance.now() : lastMs) - beganMs,
    latencyMs: percentiles(tookMs),
  };
}

process.once('message', (load: ClosedLoad) => {
  void run(load).then((measured) => process.send?.(measured));
});
