import assert from 'node:assert/strict';
import { test } from 'node:test';
import { str } from 'envalid';
import {
  choice,
  currencySpec,
  digitsSpec,
  flag,
  httpUrl,
  integer,
  port,
  postgresUrl,
  readEnvironment,
  WrongConfiguration,
} from './config.ts';

/** The one-line error message for an invalid environment. */
function complaint(source: NodeJS.ProcessEnv, specs: Parameters<typeof readEnvironment>[1]): string {
  try {
    readEnvironment(source, specs);
  } catch (error) {
    assert.ok(error instanceof WrongConfiguration);
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  throw new assert.AssertionError({ message: 'the environment was taken' });
}

test('valid values are parsed, and missing ones take their defaults', () => {
  const specs = { PORT: port({ default: 8080 }), DEMO: flag({ default: true }), URL: postgresUrl(), HOST: str() };
  const given = { PORT: '0', URL: 'postgres://a:b@c:5432/d', HOST: '::1', ELSE: 'x' };
  assert.deepEqual({ ...readEnvironment(given, specs) }, { PORT: 0, DEMO: true, URL: given.URL, HOST: '::1' });
});

test('an empty variable counts as missing', () => {
  assert.equal(readEnvironment({ PORT: '' }, { PORT: port({ default: 8080 }) }).PORT, 8080);
});

test('an invalid number is rejected with the name and the range', () => {
  for (const wrong of ['65536', '-1', '1e3', '0x10', ' 80', '8.0', 'http', '99999999999999999999']) {
    assert.equal(
      complaint({ PORT: wrong }, { PORT: port() }),
      `PORT: must be a whole number from 0 to 65535, not "${wrong}"`,
    );
  }
  assert.equal(readEnvironment({ N: '0010' }, { N: integer(1, 10)() }).N, 10);
});

test('a flag accepts only true and false', () => {
  assert.equal(readEnvironment({ DEMO: 'false' }, { DEMO: flag() }).DEMO, false);
  for (const wrong of ['yes', '1', 'True', 'TRUE ']) {
    assert.equal(complaint({ DEMO: wrong }, { DEMO: flag() }), `DEMO: must be true or false, not "${wrong}"`);
  }
});

test('an unknown choice is rejected with the list of choices', () => {
  const specs = { LEVEL: choice('low', 'middle', 'high')() };
  assert.equal(readEnvironment({ LEVEL: 'middle' }, specs).LEVEL, 'middle');
  assert.equal(complaint({ LEVEL: 'loud' }, specs), 'LEVEL: must be low, middle or high, not "loud"');
});

test('an invalid database URL is rejected, and the message does not contain the password', () => {
  for (const wrong of ['mysql://me:secret@host/db', 'me:secret@host', 'postgres://me:secret @host']) {
    const line = complaint({ DATABASE_URL: wrong }, { DATABASE_URL: postgresUrl() });
    assert.match(line, /^DATABASE_URL: must look like postgres:/);
    assert.doesNotMatch(line, /secret/);
  }
});

test('one line lists all missing and invalid variables', () => {
  const specs = { SERVICE_TOKEN: str(), PORT: port(), DEMO: flag() };
  assert.equal(
    complaint({ PORT: 'x', DEMO: 'true' }, specs),
    'SERVICE_TOKEN: is missing; PORT: must be a whole number from 0 to 65535, not "x"',
  );
  assert.equal(complaint({}, { KEY: str({ desc: 'a secret' }) }), 'KEY: is missing (a secret)');
});

test('a value with line breaks yields a message of one line', () => {
  assert.equal(complaint({ DEMO: 'true\nfalse' }, { DEMO: flag() }), 'DEMO: must be true or false, not "true\\nfalse"');
});

test('a server URL is http or https, has a host, and may have a path', () => {
  for (const text of ['http://127.0.0.1:9081', 'https://events.saga/', 'http://127.0.0.1:8080/events']) {
    assert.equal(readEnvironment({ EVENTS_URL: text }, { EVENTS_URL: httpUrl() }).EVENTS_URL, text);
  }
  for (const text of ['foo', 'ftp://x', '127.0.0.1:9083', 'http://', 'http://user@host/', 'http://host/?x']) {
    assert.throws(() => readEnvironment({ EVENTS_URL: text }, { EVENTS_URL: httpUrl() }), WrongConfiguration);
  }
});

test('a currency has a printable name and 0 to 8 digits; the default is points with 0 digits', () => {
  const read = (source: NodeJS.ProcessEnv) => ({
    ...readEnvironment(source, { CURRENCY: currencySpec, CURRENCY_DIGITS: digitsSpec }),
  });
  assert.deepEqual(read({}), { CURRENCY: 'points', CURRENCY_DIGITS: 0 });
  for (const CURRENCY of ['EUR', '€', 'баллы', 'race points']) {
    assert.equal(read({ CURRENCY, CURRENCY_DIGITS: '2' }).CURRENCY, CURRENCY);
  }
  for (const CURRENCY of ['<b>', ' EUR', '1', 'x'.repeat(21), 'a\nb']) {
    assert.throws(() => read({ CURRENCY }), /CURRENCY: must be a name/);
  }
  assert.throws(() => read({ CURRENCY_DIGITS: '9' }), /CURRENCY_DIGITS: must be a whole number from 0 to 8/);
});
