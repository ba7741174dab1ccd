import { Agent } from 'undici';
import type { Measured, OpenLoad } from './load.ts';
import { percentiles } from './percentiles.ts';

/** Enough connections that no request waits for one. */
const connections = 2_000;
/** The pause between checks for due requests, in milliseconds. */
const stepMs = 1;

/** The warm-up in milliseconds. Requests due during the warm-up open the connections, so their latency is left out. */
const warmUpMs = 1_000;

/**
 * Runs an open load: requests arrive as a Poisson process, as from many independent people. Latency is measured from
 * the time at which a request was due, not from the time at which it was sent.
 */
async function run({ url, perSecond, seconds, shots }: OpenLoad): Promise<Measured> {
  const agent = new Agent({ connections, pipelining: 1 });
  const tookMs: number[] = [];
  let answered = 0;
  let failed = 0;
  const send = async (index: number, dueMs: number) => {
    const { method, path, headers, body } = shots[index % shots.length] as (typeof shots)[number];
    try {
      const answer = await agent.request({ origin: url, path, method, headers, body: body ?? null });
      await answer.body.dump();
      if (answer.statusCode < 200 || answer.statusCode > 299) failed += 1;
      else answered += 1;
      if (dueMs >= timedFromMs) tookMs.push(performance.now() - dueMs);
    } catch {
      failed += 1;
    }
  };
  const beganMs = performance.now();
  const timedFromMs = beganMs + warmUpMs;
  const endMs = timedFromMs + seconds * 1_000;
  const under: Promise<void>[] = [];
  for (let dueMs = beganMs; dueMs < endMs; ) {
    for (; dueMs <= performance.now() && dueMs < endMs; dueMs -= (Math.log(1 - Math.random()) / perSecond) * 1_000) {
      under.push(send(under.length, dueMs));
    }
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
  await Promise.all(under);
  const measured = { answered, failed, tookMs: performance.now() - beganMs };
  await agent.close();
  return { ...measured, latencyMs: percentiles(tookMs) };
}

process.once('message', (load: OpenLoad) => {
  void run(load).then((measured) => process.send?.(measured));
});
