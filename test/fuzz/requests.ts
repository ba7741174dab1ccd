import { Chance } from '../support/chance.ts';
import type { Interface, Operation, Parameter } from './document.ts';
import { Values, written } from './values.ts';

/** The kinds of callers. */
export const askers = ['nobody', 'stranger', 'person', 'organizer', 'admin', 'token'] as const;
export type Asker = (typeof askers)[number];

/** A request, determined by a seed and its number. */
export interface Asked {
  readonly number: number;
  readonly operation: Operation;
  readonly asker: Asker;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** Whether the request is valid by the document. An invalid request must get an error; a valid request may. */
  readonly isAllowed: boolean;
}

/** Bodies that are invalid JSON or of the wrong shape. */
const unreadable: readonly (string | Buffer)[] = [
  ...['', '{', '[]]', "{'a':1}", 'a=1&b=2', 'NaN', '\ufeff{}', '{}{}', '['.repeat(5_000), 'null', '"text"', '[]', '7'],
  Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
  Buffer.from('{"a":"\xff"}', 'latin1'),
  `{"a":"${'x'.repeat(100_000)}"}`,
];
const segments = [
  '0',
  '-1',
  '1.0',
  '1e2',
  '0x10',
  '%20',
  '%00',
  '%ff',
  'x',
  '9007199254740992',
  'null',
  '__proto__',
  '..%2f1',
];
const strayQueries = ['x=1', 'limit=', 'after=-1', 'limit=1&limit=2', '%', '__proto__=1', 'user_id[]=1', '='];

/** Draws the request that has this number in the sequence of a seed. */
export function draw(described: Interface, seed: number, number: number): Asked {
  // Mixes the bits, so that consecutive numbers give unrelated requests.
  const chance = new Chance(Math.imul(seed ^ 0x9e3779b9, number + 1) ^ (seed + number * 0x85ebca6b));
  for (let skipped = 0; skipped < 8; skipped += 1) chance.part();
  const values = new Values(described, chance);
  // Operations take turns, so that a short run covers all of them.
  const operation = described.operations[number % described.operations.length] as Operation;
  const isBroken = chance.part() < 0.45;
  const parameters = drawParameters(operation, values, chance, isBroken);
  const body = drawBody(operation, values, chance, isBroken);
  return {
    number,
    operation,
    asker: drawAsker(operation, chance),
    path: parameters.path,
    headers: parameters.headers,
    body,
    isAllowed: parameters.isAllowed && allowsBody(described, operation, body),
  };

  function drawParameters({ path, parameters }: Operation, drawn: Values, by: Chance, breaks: boolean) {
    let address = path;
    let isAllowed = true;
    const query: string[] = [];
    const headers: Record<string, string> = {};
    for (const parameter of parameters) {
      const isWrong = breaks && by.part() < 0.3;
      const value = isWrong ? String(written(drawn.broken(parameter.schema))) : String(drawn.fitting(parameter.schema));
      if (parameter.in === 'path') {
        const segment = isWrong ? by.one(segments) : encodeURIComponent(value);
        address = address.replace(`{${parameter.name}}`, segment);
        isAllowed &&= !isWrong;
      } else if (parameter.required || by.part() < 0.4) {
        if (parameter.in === 'query') query.push(`${parameter.name}=${encodeURIComponent(value.toWellFormed())}`);
        // Node.js sends only Latin-1 header values.
        else
          headers[parameter.name] = drawHeader(parameter, by) ?? value.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 2_000);
        // The server may ignore an invalid header.
        isAllowed &&= parameter.in === 'header' || fits(described, parameter, value.toWellFormed());
      }
    }
    if (breaks && by.part() < 0.15) {
      query.push(by.one(strayQueries));
      // A route without query parameters ignores the query.
      isAllowed &&= !parameters.some((parameter) => parameter.in === 'query');
    }
    return { path: address + (query.length > 0 ? `?${query.join('&')}` : ''), headers, isAllowed };
  }
}

/** Whether a text fits a parameter. Digits are read as a number for an integer parameter. */
function fits(described: Interface, { schema }: Parameter, text: string): boolean {
  const isNumber = described.resolve(schema).type === 'integer' && /^(0|-?[1-9]\d{0,15})$/.test(text);
  return described.check('asked', schema, isNumber ? Number(text) : text) === undefined;
}

/**
 * Draws the value of a header. An idempotency key is one of only 40, so that keys repeat; other headers get a supported
 * value.
 */
function drawHeader({ name }: Parameter, chance: Chance): string | undefined {
  if (chance.part() < 0.2) return undefined;
  if (name === 'Idempotency-Key') return `"key-${chance.whole(1, 40)}"`;
  if (name === 'If-None-Match') return '*';
  if (name === 'Prefer') return 'respond-async';
  return undefined;
}

function drawBody({ body, method }: Operation, values: Values, chance: Chance, isBroken: boolean): Buffer | undefined {
  if (body === undefined) return method !== 'GET' && isBroken ? Buffer.from(chance.one(unreadable)) : undefined;
  if (!isBroken) return Buffer.from(written(values.fitting(body)));
  if (chance.part() < 0.15) return Buffer.from(chance.one(unreadable));
  return Buffer.from(written(values.broken(body)).toWellFormed());
}

/** Whether a body, parsed with `JSON.parse`, fits the schema. */
function allowsBody(described: Interface, { body }: Operation, sent: Buffer | undefined): boolean {
  if (body === undefined) return true;
  try {
    return described.check('asked', body, JSON.parse(String(sent))) === undefined;
  } catch {
    return false;
  }
}

function drawAsker({ wantsSession }: Operation, chance: Chance): Asker {
  const kind = chance.part();
  if (kind < 0.06) return 'nobody';
  if (kind < 0.1) return 'stranger';
  if (kind < 0.2) return 'token';
  if (!wantsSession && kind < 0.4) return 'nobody';
  return chance.one(['person', 'person', 'organizer', 'admin', 'admin', 'admin']);
}
