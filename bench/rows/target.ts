import { progressType, type ReconciliationLine } from '../../contracts/book/reconciliation.ts';
import { putOn } from '../load/put-on.ts';
import type { Crowd } from '../people.ts';
import type { Program } from './program.ts';
import type { Target } from './row.ts';

/** The public addresses of the services under load. */
export interface Addresses {
  readonly events: string;
  readonly book: string;
}

/** A running Startlist of one or more processes. */
export function startlistTarget(
  addresses: Addresses,
  crowd: Crowd,
  programs: readonly Program[],
  after: () => Promise<void>,
): Target {
  const ask = (url: string, body?: object) => askAs(crowd.admin.cookie, url, body);
  return {
    crowd,
    pids: programs.map(({ pid }) => pid),
    async createEvents({ count, slots, price }) {
      const ids: number[] = [];
      for (let index = 0; index < count; index += 1) {
        const body = { event_name: `run ${index}`, price, total_slots: slots };
        ids.push(((await ask(`${addresses.events}/events/create`, body)) as { id: number }).id);
      }
      return ids;
    },
    shot: ({ cookie }, eventId) => ({
      method: 'POST',
      path: '/book/create',
      headers: { cookie },
      body: JSON.stringify({ event_id: eventId }),
    }),
    drive: (load) => putOn({ ...load, url: addresses.book }),
    async freeSlots(eventId) {
      return ((await ask(`${addresses.events}/events/get/${eventId}`)) as { free_slots: number }).free_slots;
    },
    async reconcile() {
      const last = await lastLine(crowd.admin.cookie, `${addresses.book}/book/reconciliation`);
      if (last.state !== 'done') throw new Error(`the reconciliation did not finish: ${JSON.stringify(last)}`);
      const { clean, findings } = last.report;
      if (!clean) throw new Error(`the reconciliation found: ${JSON.stringify(findings.slice(0, 3))}`);
    },
    async close() {
      for (const program of programs) await program.stop();
      await after();
    },
  };
}

/** Reads the progress stream of a reconciliation and returns its last line. */
async function lastLine(cookie: string, url: string): Promise<ReconciliationLine> {
  const response = await fetch(url, { headers: { cookie, accept: progressType } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
}

async function askAs(cookie: string, url: string, body?: object): Promise<unknown> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(url, { ...init, headers: { cookie } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
