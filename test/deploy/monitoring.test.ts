import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { services } from '../../contracts/services.ts';
import { readSamples, type Sample } from '../support/scrape.ts';
import { readSources } from '../support/sources.ts';
import { book, expect } from '../support/system.ts';
import { prepare, runInFour } from '../tracing/traced-run.ts';
import { assemble, type Document, findInvalid, kustomizeMissing, Overlay } from './kubernetes.ts';
import { selects } from './policies.ts';
import { findUnknown, labelsOf } from './promql.ts';
import { readSettings } from './settings.ts';

const read = (path: string) => readSources(path).get(path) ?? '';
const rules = parse(read('deploy/monitoring/rules.yaml')) as Document;

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
const alerts: readonly Rule[] = rules.spec.groups.flatMap(({ rules: all }: { rules: Rule[] }) => all);

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const dashboard = JSON.parse(read('deploy/monitoring/dashboard.json')) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
};
/** An expression after Grafana has substituted its variables. */
const filledIn = (expression: string) => expression.replaceAll('$__rate_interval', '5m').replaceAll('$job', '.*');
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr, legendFormat }) => ({ title, expr: filledIn(expr), legendFormat })),
);

describe('exported metrics', () => {
  let samples: Sample[];
  before(async () => {
    samples = await scrapeAfterLoad();
  });

  for (const { alert, expr } of alerts) {
    test(`${alert} uses exported metrics and labels`, () => assert.deepEqual(findUnknown(expr, samples), []));
  }

  test('each panel of the dashboard uses exported metrics, and its legend names existing labels', () => {
    assert.ok(queries.length > 20);
    for (const { title, expr, legendFormat } of queries) {
      assert.deepEqual(findUnknown(expr, samples), [], title);
      const labels = labelsOf(expr, samples);
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        assert.ok(labels.has(label), `${title}: the legend names ${label}`);
      }
    }
  });

  test('the dashboard’s variables use exported metrics', () => {
    for (const { query } of dashboard.templating.list) {
      const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(query) ?? [];
      if (metric !== '') assert.deepEqual(findUnknown(`sum by (${label}) (${metric})`, samples), []);
    }
  });

  test('every metric of Startlist is used by an alert or the dashboard', () => {
    const asked = [...alerts.map(({ expr }) => expr), ...queries.map(({ expr }) => expr)].join(' ');
    const told = new Set(samples.map(({ name }) => name).filter((name) => name.startsWith('startlist_')));
    const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
    assert.deepEqual(
      [...new Set([...told].map(base))].filter((name) => !asked.includes(name)),
      [],
    );
  });

  test('unknown names and labels are found', () => {
    const planted: readonly [expression: string, found: RegExp][] = [
      ['max(startlist_booking_oldest_open_second) > 60', /no process exports startlist_booking_oldest_open_second$/],
      ['max by (status) (startlist_bookings_stuck) > 0', /no metric has the label status to group by/],
      ['startlist_bookings_held{sort="live"} > 1', /startlist_bookings_held has no label sort/],
      ['startlist_bookings_held{kind="alive"} > 1', /no kind of startlist_bookings_held is alive/],
    ];
    for (const [expression, found] of planted) assert.match(findUnknown(expression, samples).join('\n'), found);
    assert.throws(() => findUnknown('sum(startlist_bookings_stuck', samples), /not a PromQL expression/);
  });
});

test('each alert has a summary, a severity and a link to its runbook', () => {
  for (const { alert, labels, annotations } of alerts) {
    assert.ok(['page', 'ticket'].includes(labels.severity), alert);
    assert.equal(annotations.runbook, `docs/operations.md#${alert.toLowerCase()}`);
    assert.match(annotations.summary, /\.$/, alert);
  }
});

test('the alerts and the headings in docs/operations.md are the same', () => {
  const [, chapter = ''] = /^## Alerts\n([\s\S]*?)(?=^## )/m.exec(read('docs/operations.md')) ?? [];
  const headings = [...chapter.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  assert.deepEqual(
    headings,
    alerts.map(({ alert }) => alert),
  );
});

describe('the manifests', { skip: kustomizeMissing }, () => {
  const documents = kustomizeMissing === false ? assemble('deploy/monitoring') : [];
  const production = new Overlay('production');
  const monitor = (name: string) => {
    const found = documents.find(({ kind, metadata }) => kind === 'PodMonitor' && metadata.name === name);
    assert.ok(found, `there is no PodMonitor ${name}`);
    return found;
  };

  test('each is valid by the types of Kubernetes and the Prometheus operator', async () => {
    assert.deepEqual(
      new Set(documents.map(({ kind }) => kind)),
      new Set(['ConfigMap', 'PodMonitor', 'PrometheusRule']),
    );
    assert.deepEqual(await findInvalid(documents), []);
    const wrong = structuredClone(monitor('startlist'));
    wrong.spec.podMetricsEndpoints[0].authorisation = wrong.spec.podMetricsEndpoints[0].authorization;
    assert.match((await findInvalid([wrong])).join('\n'), /authorisation/);
  });

  test('every replica is scraped at its internal port, with a token from the services’ secret', () => {
    const { spec } = monitor('startlist');
    const [endpoint] = spec.podMetricsEndpoints;
    const selected = production.pods.filter((pod) => selects(spec.selector, pod.spec.template.metadata.labels));
    assert.deepEqual(selected.map(({ metadata }) => metadata.name).sort(), [...services].sort());
    for (const service of services) {
      const { ports, env } = production.containerOf(service);
      assert.ok(ports.some(({ name }: { name: string }) => name === endpoint.port));
      const token = env.find(({ name }) => name === 'SERVICE_TOKEN')?.valueFrom?.secretKeyRef;
      assert.equal(token?.name, endpoint.authorization.credentials.name);
    }
  });

  test('the local secret holds the token that Prometheus sends', () => {
    const { data } = new Overlay('local').one('Secret', 'startlist');
    const { key } = monitor('startlist').spec.podMetricsEndpoints[0].authorization.credentials;
    assert.ok(data[key] !== undefined && data[key] === data.SERVICE_TOKEN);
  });

  test('every database is scraped', () => {
    const { spec } = monitor('startlist-databases');
    for (const { metadata, spec: cluster } of production.all('Cluster')) {
      assert.ok(selects(spec.selector, cluster.inheritedMetadata.labels), metadata.name);
    }
  });
});

test('the configuration without Kubernetes scrapes the services’ ports', () => {
  const config = parse(read('deploy/monitoring/prometheus.yaml'), { merge: true }) as {
    readonly scrape_configs: readonly { job_name: string; static_configs: readonly { targets: readonly string[] }[] }[];
  };
  const settings = readSettings();
  assert.deepEqual(
    config.scrape_configs.map(({ job_name: job, static_configs: [first] }) => [job, first?.targets]),
    services.map((service) => [service, [`127.0.0.1:${settings[service].internalPort}`]]),
  );
});

const { error: noPromtool } = spawnSync('promtool', ['--version']);
test('promtool accepts the rules and the configuration', {
  skip: noPromtool ? 'promtool: skipped, because it is not installed (it comes with Prometheus)' : false,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'startlist-rules-'));
  try {
    writeFileSync(join(folder, 'startlist-rules.yaml'), stringify(rules.spec));
    writeFileSync(join(folder, 'prometheus.yaml'), read('deploy/monitoring/prometheus.yaml'));
    for (const args of [
      ['check', 'rules', 'startlist-rules.yaml'],
      ['check', 'config', '--syntax-only', 'prometheus.yaml'],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
      assert.equal(status, 0, `${stdout}${stderr}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Scrapes the four services after bookings with every outcome, and adds the labels that Prometheus adds. */
async function scrapeAfterLoad(): Promise<Sample[]> {
  const run = await runInFour({});
  try {
    const { admin, eventId } = await prepare(run);
    const client = await run.client('book');
    const answers = await Promise.all(Array.from({ length: 120 }, () => book(client, admin, eventId)));
    const [first] = answers.map(({ json }) => (json as { id: number }).id);
    await expect(200, client.ask('POST', '/book/cancel', { cookie: admin.cookie, body: { booking_id: first } }));
    await book(client, admin, 1_000_000);
    const scraped = await Promise.all(
      services.map(async (job) => {
        const samples = readSamples(await run.metrics(job));
        samples.push({ name: 'up', labels: {}, value: 1 });
        const target = { job, instance: `${job}:1` };
        return samples.map((sample) => ({ ...sample, labels: { ...sample.labels, ...target } }));
      }),
    );
    return scraped.flat();
  } finally {
    await run.stop();
  }
}
