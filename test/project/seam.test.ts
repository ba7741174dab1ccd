import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSources } from '../support/sources.ts';

/** The only file that may read a clock, draw random numbers or set timers. All other code is given a `World`. */
const seam = 'platform/world.ts';

const inPrograms = [
  /\bDate\.now\b/,
  /\bnew Date\(\s*\)/,
  /(?<!new )\bDate\(/,
  /\bMath\.random\b/,
  /\bset(Timeout|Interval|Immediate)\b/,
  /\bnode:timers\b/,
  /\bAbortSignal\.timeout\b/,
  /\brandom(UUID|Bytes|Int|FillSync|Fill)\b/,
  /\bgetRandomValues\b/,
  /\bperformance\.(now|timeOrigin)\b/,
  /\bprocess\.(hrtime|uptime)\b/,
];

/** SQL that reads the server's clock or draws a random number: it cannot be repeated with the same outcome. */
const inSql = [
  /\bnow\(\)/i,
  /\brandom\(/i,
  /\bcurrent_(timestamp|date|time)\b/i,
  /\blocaltime(stamp)?\b/i,
  /\b(clock|statement|transaction)_timestamp\b/i,
  /\btimeofday\(/i,
  /\bgen_random_uuid\b/i,
];

/** Removes comments, which may name what code must not use. Addresses such as `https://…` are not comments. */
function withoutComments(path: string, text: string): string {
  if (path.endsWith('.sql')) return text.replaceAll(/--.*$/gm, '');
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}

/** The first match of each pattern in a file. */
function find(patterns: readonly RegExp[], path: string, text: string): string[] {
  const code = withoutComments(path, text);
  return patterns.flatMap((pattern) => {
    const match = pattern.exec(code);
    return match === null ? [] : [`${path}: ${match[0]}`];
  });
}

function findAll(patterns: readonly RegExp[], sources: ReadonlyMap<string, string>): string[] {
  return [...sources].flatMap(([path, text]) => find(patterns, path, text));
}

const isTest = (path: string) => /\.test\.ts$/.test(path);

test('nothing but the seam reads a clock, draws a number or sets a timer', () => {
  const sources = readSources('{auth,events,account,book,contracts,saga,platform,programs}/**/*.{ts,mjs}');
  for (const path of sources.keys()) if (isTest(path) || path === seam) sources.delete(path);
  assert.ok(sources.size > 40, 'the sources were found');
  assert.deepEqual(findAll(inPrograms, sources), []);
});

test('no SQL reads the clock of the server, or draws a number there', () => {
  const sources = readSources('{auth,events,account,book}/{**/*store.ts,**/*schema.ts,migrations/*.sql}');
  assert.ok(sources.size >= 8, 'the sources were found');
  assert.deepEqual(findAll(inSql, sources), []);
});

describe('what is planted is found', () => {
  const programs = [
    'const at = Date.now();',
    'const at = new Date();',
    'const at = new Date( ).getTime();',
    'const at = Date();',
    'const chance = Math.random();',
    'setTimeout(work, 10);',
    'const timer = globalThis.setInterval(work, 10);',
    'setImmediate(work);',
    `import { setTimeout as pause } from 'node:timers/promises';`,
    'const signal = AbortSignal.timeout(10);',
    `import { randomUUID } from 'node:crypto';`,
    'const salt = randomBytes(16);',
    'const one = crypto.randomInt(6);',
    'crypto.getRandomValues(bytes);',
    'const began = performance.now();',
    'const began = process.hrtime.bigint();',
    'const age = process.uptime();',
    `const url = 'https://example.org'; const at = Date.now();`,
  ];
  for (const line of programs) {
    test(line, () => assert.notDeepEqual(find(inPrograms, 'platform/planted.ts', line), []));
  }

  const statements = [
    'select now()',
    'select NOW() - due_at',
    'order by random()',
    'made_at timestamptz default current_timestamp',
    'select current_date, localtimestamp',
    'select clock_timestamp()',
    'select transaction_timestamp()',
    'select timeofday()',
    'id uuid default gen_random_uuid()',
  ];
  for (const line of statements) {
    test(line, () => assert.notDeepEqual(find(inSql, 'book/migrations/planted.sql', line), []));
  }

  test('a time that is given, and words in a comment, are not', () => {
    const program = 'const at = new Date(world.now()); // never Date.now()\n/* setTimeout */ const lasts = at;';
    assert.deepEqual(find(inPrograms, 'platform/planted.ts', program), []);
    assert.deepEqual(find(inSql, 'book/planted.sql', 'select $1 -- not now()'), []);
  });
});
