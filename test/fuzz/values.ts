import fc from 'fast-check';
import type { Chance } from '../support/chance.ts';
import type { Interface, Schema } from './document.ts';

/** Raw JSON text inside a value, for texts that no JavaScript value serializes to, such as `1e400`. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const letters = [
  'a',
  'B',
  '7',
  ' ',
  '-',
  '_',
  '.',
  '@',
  "'",
  '"',
  '\\',
  '<',
  '%',
  'ö',
  'Я',
  '中',
  '🏃',
  '👨‍👩‍👧',
  'o\u0308',
];
const odd = [
  '\u0000',
  '\n',
  '\r\nX: 1',
  '\u007f',
  '\u0085',
  '\ud800',
  '\udc00x',
  '\ufeff',
  '\u202e',
  '\u200b',
  '\u3164',
  '\u2028',
  'a\u200db',
  '../..',
  "'; drop table x; --",
];

/** Values that are invalid for most fields: attacks and typical mistakes. */
const strange: readonly unknown[] = [
  null,
  true,
  false,
  '',
  ' ',
  'x',
  '4',
  0,
  -1,
  1.5,
  -0.000_1,
  2 ** 53,
  -(2 ** 53),
  1e300,
  [],
  [[]],
  [1],
  {},
  { $gt: 0 },
  { toString: 1 },
  new Raw('1e400'),
  new Raw('-0'),
  new Raw('0.1e1'),
  new Raw('{"__proto__":{"role":"admin"}}'),
  new Raw('{"constructor":{"prototype":{"role":"admin"}}}'),
];

/** Extra fields that an attacker might try to set. */
const extras = ['id', 'role', 'balance', 'user_id', 'status', 'scopes', 'organizer_id', 'toString', '', '__proto_'];

/** Draws valid and invalid values by schemas. */
export class Values {
  readonly #interface: Interface;
  readonly #chance: Chance;

  constructor(described: Interface, chance: Chance) {
    this.#interface = described;
    this.#chance = chance;
  }

  /** A valid value. */
  fitting(schema: Schema): unknown {
    const { type, enum: some, const: only, anyOf } = this.#interface.resolve(schema);
    if (only !== undefined) return only;
    if (some !== undefined) return this.#chance.one(some);
    if (anyOf !== undefined) return this.fitting(this.#chance.one(anyOf));
    const resolved = this.#interface.resolve(schema);
    if (type === 'integer' || type === 'number') return this.#number(resolved);
    if (type === 'string') return this.#text(resolved);
    if (type === 'boolean') return this.#chance.part() < 0.5;
    if (type === 'array') return this.#list(resolved);
    if (type === 'object') return this.#object(resolved);
    return null;
  }

  /** A value with one defect: wrong type, out of bounds, a missing field or an extra field. */
  broken(schema: Schema): unknown {
    const resolved = this.#interface.resolve(schema);
    const { type, properties = {}, anyOf, maxLength, minimum, maximum } = resolved;
    if (this.#chance.part() < 0.2) return this.#chance.one(strange);
    if (anyOf !== undefined) return this.broken(this.#chance.one(anyOf));
    if (type === 'object' && Object.keys(properties).length > 0) return this.#brokenObject(resolved);
    if (type === 'array') return [this.broken(resolved.items ?? {})];
    if (type === 'integer') {
      const edges = [(minimum ?? 0) - 1, (maximum ?? Number.MAX_SAFE_INTEGER) + 1, 1.5, String(minimum ?? 1)];
      return this.#chance.one([...edges, ...strange]);
    }
    if (type === 'string') {
      const long = 'x'.repeat((maxLength ?? 1_000) + this.#chance.one([1, 1, 100, 60_000]));
      return this.#chance.one([long, '', ...odd, ...odd.map((part) => `x${part}x`), ...strange]);
    }
    return this.#chance.one(strange);
  }

  #number({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Schema): number {
    const kind = this.#chance.part();
    // Small numbers are ids that exist and prices within the balance.
    if (kind < 0.75) return Math.min(maximum, minimum + this.#chance.whole(0, 14));
    if (kind < 0.85) return this.#chance.one([minimum, maximum]);
    return this.#chance.whole(minimum, Math.min(maximum, minimum + 10 ** this.#chance.whole(1, 15)));
  }

  #text({ minLength = 0, maxLength = 40, pattern, format, examples = [] }: Schema): string {
    const moment = new Date(this.#chance.whole(1.7e12, 2.5e12)).toISOString();
    if (format === 'date-time') return moment;
    if (examples.length > 0 && this.#chance.part() < 0.5) return String(this.#chance.one(examples));
    const length = this.#chance.part() < 0.1 ? maxLength : Math.min(maxLength, minLength + this.#chance.whole(0, 12));
    const draw = (units: readonly string[]) => {
      let text = '';
      while ([...text].length < length) text += this.#chance.one(units);
      return [...text].slice(0, Math.max(length, minLength)).join('');
    };
    const digits = [...'123456789'];
    const tries = [draw(letters), draw(digits), draw([...digits, ...'abcdef']), moment, ...examples].map(String);
    if (pattern === undefined) return tries[0] ?? '';
    const expression = new RegExp(pattern, 'u');
    return tries.find((text) => expression.test(text)) ?? this.#matching(expression);
  }

  /** Generates a text from the pattern, when no drawn text matches. */
  #matching(expression: RegExp): string {
    const seed = this.#chance.whole(0, 2 ** 31);
    return fc.sample(fc.stringMatching(expression), { seed, numRuns: 1 })[0] ?? '';
  }

  #list({ items = {}, minItems = 0, maxItems = 3, uniqueItems }: Schema): unknown[] {
    const length = Math.min(maxItems, minItems + this.#chance.whole(0, 2));
    const list = Array.from({ length }, () => this.fitting(items));
    return uniqueItems ? [...new Set(list)] : list;
  }

  #object({ properties = {}, required = [] }: Schema): Record<string, unknown> {
    const names = Object.keys(properties).filter((name) => required.includes(name) || this.#chance.part() < 0.5);
    return Object.fromEntries(names.map((name) => [name, this.fitting(properties[name] ?? {})]));
  }

  #brokenObject(schema: Schema): unknown {
    const fields = this.#object(schema);
    const names = Object.keys(schema.properties ?? {});
    const name = this.#chance.one(names);
    const kind = this.#chance.part();
    if (kind < 0.2) delete fields[name];
    else if (kind < 0.4) fields[this.#chance.one(extras)] = this.#chance.one(strange);
    else fields[name] = this.broken(schema.properties?.[name] ?? {});
    return fields;
  }
}

/** Serializes to JSON, with `Raw` texts inserted unchanged. */
export function written(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value)
    .map(([name, part]) => `${JSON.stringify(name)}:${written(part)}`)
    .join(',')}}`;
}
