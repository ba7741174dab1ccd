import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Histogram, Registry } from 'prom-client';
import { FastHistogram } from './fast-histogram.ts';

test('a fast histogram reports the same as one of prom-client for the same values', async () => {
  const bounds = [0.001, 0.01, 0.1, 1];
  const [ours, theirs] = [new Registry(), new Registry()];
  const fast = new FastHistogram<'route' | 'status'>({ name: 'took', help: 'How long', bounds }, ours);
  const options = { name: 'took', help: 'How long', labelNames: ['route', 'status'], buckets: [...bounds] };
  const histogram = new Histogram({ ...options, registers: [theirs] });
  for (const labels of [
    { route: '/book/create', status: '201' },
    { route: '/a "quoted" one', status: '404' },
  ]) {
    const distribution = fast.with(labels);
    for (const value of [0, 0.001, 0.0011, 0.05, 0.1, 0.5, 1, 7, 3_600]) {
      distribution.observe(value);
      histogram.observe(labels, value);
    }
  }
  const lines = async (registry: Registry) => (await registry.metrics()).split('\n').map(sortLabels).sort();
  assert.deepEqual(await lines(ours), await lines(theirs));
});

test('a series without labels is reported from the start, with zeros', async () => {
  const registry = new Registry();
  new FastHistogram({ name: 'took', help: 'How long', bounds: [1] }, registry).with({});
  const text = await registry.metrics();
  assert.match(text, /^# TYPE took histogram$/m);
  assert.match(text, /^took_bucket\{le="1"\} 0$/m);
  assert.match(text, /^took_bucket\{le="\+Inf"\} 0$/m);
  assert.match(text, /^took_sum 0$/m);
  assert.match(text, /^took_count 0$/m);
});

/** The order of labels does not matter. */
function sortLabels(line: string): string {
  return line.replace(
    /\{(.*)\}/,
    (_all, labels: string) =>
      `{${labels
        .split(/,(?=\w+=")/)
        .sort()
        .join()}}`,
  );
}
