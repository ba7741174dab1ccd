import type { Agent } from 'undici';
import type { World } from '../../platform/world.ts';
import type { Probe } from './replicas.ts';

/** The time limit of a probe, in milliseconds. A process that does not answer within it is unavailable. */
const timeoutMs = 2_000;

/** Probes `GET /ready` on the public port only, because the internal port belongs to the same process. */
export function probeWith(agent: Agent, world: World): Probe {
  return async ({ publicUrl }) => {
    const tooLate = new AbortController();
    const timer = world.later(timeoutMs, () => tooLate.abort());
    try {
      const { statusCode, body } = await agent.request({
        origin: publicUrl,
        path: '/ready',
        method: 'GET',
        signal: tooLate.signal,
      });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    } finally {
      timer.cancel();
    }
  };
}
