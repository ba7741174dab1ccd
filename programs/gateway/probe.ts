import type { Agent } from 'undici';
import type { World } from '../../platform/world.ts';
import type { Probe } from './replicas.ts';

/** A process that needs longer than this for one line is as good as away, in milliseconds. */
const timeoutMs = 2_000;

/** Asks `GET /ready` on the public port: both ports are the same process, and end together. */
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
