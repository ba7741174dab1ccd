import { Agent } from 'undici';
import type { Measured, OpenLoad } from './load.ts';
import { percentiles } from './percentiles.ts';

/** Connections enough that none of the requests waits for one. */
const connections = 2_000;
/** Arrivals are looked at so often, in milliseconds; what was due meanwhile is sent at once. */
const stepMs = 1;

/** Of what is due in so long at the beginning it does not count how long it took, in milliseconds: the connections are opened in it. */
const warmUpMs = 1_000;

/**
 * Puts an open load on: requests arrive as a Poisson process, as from many people who know nothing of each other. How
 * long an answer took counts from the moment at which its request was due, not from when it could be sent.
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
