import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import type { Database } from '../../platform/database/database.ts';
import { brokenRules } from '../support/money.ts';
import { type Answer, createEvent, expect, type System, signInAdmin, startSystem } from '../support/system.ts';
import { faultOf } from './answers.ts';
import { Interface } from './document.ts';
import { type Keys, People } from './people.ts';
import { type Asked, draw } from './requests.ts';

/** The number of faults after which a run stops, because further faults would mostly repeat these. */
const faultsAtMost = 20;

export interface FuzzOptions {
  readonly seed: number;
  /** The maximum number of requests. The run may end earlier, after `seconds`. */
  readonly requests: number;
  readonly seconds?: number;
}

export interface FuzzReport {
  readonly asked: number;
  /** Each fault with its request, then the rules that are broken at the end. */
  readonly faults: readonly string[];
  /** Counts of responses by operation and status. */
  readonly answers: Readonly<Record<string, Readonly<Record<number, number>>>>;
}

/** Sends valid and invalid requests, one after another, to a Startlist on a fresh database. */
export async function fuzz(
  database: Database,
  { seed, requests, seconds = Number.POSITIVE_INFINITY }: FuzzOptions,
): Promise<FuzzReport> {
  const errors: string[] = [];
  const log = pino({ level: 'error' }, { write: (entry: string) => void errors.push(entry) });
  const system = await startSystem(database, { log, bookWaitMs: 2_000 });
  const { client } = system;
  const faults: string[] = [];
  const answers: Record<string, Record<number, number>> = {};
  const ends = performance.now() + seconds * 1_000;
  let number = 0;
  try {
    const described = new Interface(await expect<object>(200, client.ask('GET', '/openapi.json')));
    const first = await signInAdmin(client);
    for (const price of [0, 5, 40]) await createEvent(client, first, { price, slots: 10 });
    const people = new People(client, database, `fuzz-${seed}`);
    for (; number < requests && performance.now() < ends && faults.length < faultsAtMost; number += 1) {
      const asked = draw(described, seed, number);
      const answer = await ask(client.address, asked, await people.keysOf(asked.asker)).catch((error: Error) => error);
      const fault =
        answer instanceof Error
          ? `no response: ${answer.message}`
          : (faultOf(described, asked, answer) ??
            (errors.length > 0 ? `the log has an error: ${errors[0]}` : undefined));
      if (fault !== undefined) faults.push(`${fault}\n  ${told(asked, answer)}`);
      errors.length = 0;
      if (answer instanceof Error) continue;
      // An earlier request has ended the session (401) or changed the role (403).
      const isLost = answer.status === 401 || (answer.status === 403 && asked.asker === 'admin');
      if (isLost) people.replace(asked.asker);
      const { operationId } = asked.operation;
      answers[operationId] = {
        ...answers[operationId],
        [answer.status]: (answers[operationId]?.[answer.status] ?? 0) + 1,
      };
    }
    faults.push(...(await brokenInTheEnd(system, new People(client, database, `fuzz-${seed}-end`))));
  } finally {
    await system.stop();
  }
  return { asked: number, faults, answers };
}

/** Formats a request on one line, so that it can be repeated, and its response on another. */
function told({ number, operation, asker, path, headers, body }: Asked, answer: Answer | Error): string {
  const sent = body === undefined ? '' : ` ${body.length > 300 ? `${body.subarray(0, 300)}…` : body}`;
  const more = Object.keys(headers).length > 0 ? ` ${JSON.stringify(headers)}` : '';
  const said = answer instanceof Error ? '' : `\n  ${answer.status} ${answer.text.slice(0, 300)}`;
  return `#${number} as ${asker}: ${operation.method} ${path}${more}${sent}${said}`;
}

/** Sends a request and reads the whole response, except of an endless event stream. */
async function ask(address: string, { operation, path, headers, body }: Asked, keys: Keys): Promise<Answer> {
  const asked = request(address, {
    method: operation.method,
    path,
    headers: { ...headers, ...keys, ...(body && { 'content-length': body.length }) },
    timeout: 30_000,
  });
  asked.on('timeout', () => asked.destroy(new Error('no answer within 30 s')));
  asked.end(body);
  const [response] = await once(asked, 'response');
  let text = '';
  response.setEncoding('utf8');
  if (/^text\/event-stream/.test(response.headers['content-type'] ?? '')) response.destroy();
  else for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, text, json: undefined };
}

/** Waits until all bookings have settled, then checks the rules of test/support/money.ts and the reconciliation. */
async function brokenInTheEnd({ client, database }: System, people: People): Promise<string[]> {
  const openBookings = 'select id from book.booking where due_at is not null limit 1';
  for (let waits = 0; waits < 100 && (await database.query(openBookings)).length > 0; waits += 1) await pause(200);
  const report = await client.ask('GET', '/book/reconciliation', { headers: await people.keysOf('admin') });
  const { clean, findings } = report.json as { clean?: boolean; findings?: unknown };
  const broken = Object.entries(await brokenRules(database));
  return [
    ...broken.map(([rule, rows]) => `broken at the end: ${rule}\n  ${JSON.stringify(rows[0])}`),
    ...(clean ? [] : [`the reconciliation reports: ${JSON.stringify(findings ?? report.text)}`]),
  ];
}
