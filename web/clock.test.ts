import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSources } from '../test/support/sources.ts';
import { ServerTime } from './ui/api/server-time.ts';

describe('the server’s time on the pages', () => {
  const date = (ms: number) => new Date(ms).toUTCString();

  test('is that of the newest answer, plus the time since then by the monotonic clock', () => {
    const time = new ServerTime();
    assert.equal(time.at(500), undefined);
    time.observe(date(10_000), 500);
    assert.equal(time.at(500), 10_000);
    assert.equal(time.at(2_000), 11_500);
  });

  test('an answer that is late, cached or without a date does not set it back', () => {
    const time = new ServerTime();
    time.observe(date(10_000), 0);
    for (const late of [date(10_000), date(3_000), 'yesterday', '', null]) time.observe(late, 4_000);
    assert.equal(time.at(4_000), 14_000);
  });

  test('a closer bound corrects it: the first answer was slow, or the computer slept', () => {
    const time = new ServerTime();
    time.observe(date(10_000), 5_000);
    time.observe(date(3_600_000), 6_000);
    assert.equal(time.at(7_000), 3_601_000);
  });

  test('no page reads the clock of the browser', () => {
    const sources = [...readSources('web/ui/**/*.{ts,tsx}')];
    assert.ok(sources.length > 50);
    const readers = sources.filter(([, text]) => /\bDate\.now\b|\bDate\(\)/.test(text)).map(([path]) => path);
    assert.deepEqual(readers, ['web/ui/state/clock.ts']);
  });
});
