import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type Backend, backends, type Service, services } from '../../contracts/services.ts';
import { readSources, root } from '../support/sources.ts';
import { type Document, findInvalid, kustomizeMissing, nameOf, Overlay, overlayNames } from './kubernetes.ts';
import { selects } from './policies.ts';
import { readPageSettings, readSettings, requireVariables } from './settings.ts';

const settings = readSettings();
test('ports, variables, calls and routes are read from the code', () => {
  assert.deepEqual([settings.auth.port, settings.book.internalPort], [8081, 9084]);
  assert.deepEqual(settings.book.asks, ['auth', 'events', 'account']);
  assert.deepEqual(settings.events.asks, ['auth']);
  assert.ok(settings.auth.variables.has('ADMIN_PASSWORD') && settings.book.variables.has('DRAIN_MS'));
  assert.ok(settings.auth.routes.includes('/register') && settings.book.routes.includes('/book/get/:id'));
});

for (const name of overlayNames) {
  describe(name, { skip: kustomizeMissing }, () => {
    const overlay = new Overlay(name);
    documents(overlay);
    web(overlay);
    for (const service of services) settingsOf(overlay, service);
    for (const backend of backends) lifeOf(overlay, backend);
  });
}

function documents(overlay: Overlay): void {
  test('each document is valid by the types of Kubernetes', async () => {
    assert.ok(overlay.documents.length > 30);
    assert.deepEqual(await findInvalid(overlay.documents), []);
  });

  test('everything is in the namespace saga, which the overlay creates and which admits only restricted pods', () => {
    for (const document of overlay.documents) {
      if (document.kind === 'Namespace') assert.equal(document.metadata.name, 'saga');
      else assert.equal(document.metadata.namespace, 'saga', nameOf(document));
    }
    const { labels } = overlay.one('Namespace', 'saga').metadata;
    assert.equal(labels?.['pod-security.kubernetes.io/enforce'], 'restricted');
  });

  test('each name is unique', () => {
    const names = overlay.documents.map((document) => `${document.apiVersion} ${nameOf(document)}`);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
    assert.deepEqual(
      names.filter((name) => /\bservice\b/.test(name.split(' ').slice(2).join(' '))),
      [],
      'a placeholder name of the base is left',
    );
  });

  test('pods are restricted: unprivileged, with a read-only root', () => {
    for (const document of overlay.pods) {
      const { spec } = document.spec.template;
      assert.equal(spec.securityContext.runAsNonRoot, true, nameOf(document));
      assert.ok(spec.securityContext.runAsUser > 0, nameOf(document));
      assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault', nameOf(document));
      assert.equal(spec.automountServiceAccountToken, false, nameOf(document));
      for (const { securityContext, resources } of spec.containers) {
        assert.equal(securityContext.allowPrivilegeEscalation, false, nameOf(document));
        assert.equal(securityContext.readOnlyRootFilesystem, true, nameOf(document));
        assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] }, nameOf(document));
        assert.ok(resources.requests.cpu && resources.requests.memory && resources.limits.memory);
      }
    }
  });

  test('every selector selects only the pods of its own name', () => {
    const selectors = [
      ...overlay.all('Service').map((document) => ({ document, selector: { matchLabels: document.spec.selector } })),
      ...overlay.pods.map((document) => ({ document, selector: document.spec.selector })),
      ...overlay.all('PodDisruptionBudget').map((document) => ({ document, selector: document.spec.selector })),
      ...overlay
        .all('NetworkPolicy')
        .filter(({ metadata }) => (backends as readonly string[]).includes(metadata.name))
        .map((document) => ({ document, selector: document.spec.podSelector })),
    ];
    for (const { document, selector } of selectors) {
      const selected = overlay.pods.filter((pod) => selects(selector, pod.spec.template.metadata.labels));
      assert.deepEqual(
        selected.map(({ metadata }) => metadata.name),
        [document.metadata.name],
        nameOf(document),
      );
    }
  });
}

function web(overlay: Overlay): void {
  test('web: command, port, variables and service account agree with the code, and it has no secret', () => {
    const { port, variables } = readPageSettings();
    const container = overlay.containerOf('web');
    assert.deepEqual(container.args, ['web/main.ts']);
    assert.deepEqual(container.ports, [{ containerPort: port, name: 'http' }]);
    assert.deepEqual(overlay.one('Service', 'web').spec.ports, [{ name: 'http', port, targetPort: 'http' }]);
    const { serviceAccountName } = overlay.one('Deployment', 'web').spec.template.spec;
    assert.equal(overlay.one('ServiceAccount', serviceAccountName).metadata.name, 'web');
    for (const { name, valueFrom } of container.env) {
      assert.ok(variables.has(name) || name === 'NODE_ENV', `web reads no ${name}`);
      assert.equal(valueFrom, undefined, name);
    }
  });
}

function settingsOf(overlay: Overlay, service: Service): void {
  test(`${service}: command, ports and service account agree with the code`, () => {
    const { port, internalPort } = settings[service];
    const container = overlay.containerOf(service);
    assert.deepEqual(container.args, [`${service}/main.ts`]);
    assert.equal(container.command, undefined);
    assert.deepEqual(container.ports, [
      { containerPort: port, name: 'http' },
      { containerPort: internalPort, name: 'internal' },
    ]);
    assert.deepEqual(overlay.one('Service', service).spec.ports, [
      { name: 'http', port, targetPort: 'http' },
      { name: 'internal', port: internalPort, targetPort: 'internal' },
    ]);
    const { serviceAccountName } = overlay.one('Deployment', service).spec.template.spec;
    assert.equal(overlay.one('ServiceAccount', serviceAccountName).metadata.name, service);
  });

  test(`${service}: it reads all its variables, and they hold the addresses of the services it calls`, () => {
    const variables = overlay.containerOf(service).env;
    requireVariables(service, Object.fromEntries(variables.map(({ name, value }) => [name, value ?? ''])));
    for (const { valueFrom } of variables) {
      if (valueFrom === undefined) continue;
      const { name, key } = valueFrom.secretKeyRef;
      if (overlay.name === 'local') {
        assert.ok(overlay.one('Secret', name).data[key], `the secret ${name} has no ${key}`);
      } else if (name !== 'startlist') {
        // CloudNativePG creates the secret with this name for the cluster; its key is `uri`.
        assert.equal(key, 'uri');
        overlay.one('Cluster', name.replace(/-app$/, ''));
      }
    }
  });

  test(`${service}: it accepts its settings, and fails only on the missing database`, () => {
    const variables = overlay.containerOf(service).env;
    const values = Object.fromEntries(variables.map(({ name, value }) => [name, value ?? 'taken from a secret']));
    assert.match(startWith(service, values), /database does not answer/);
  });
}

function lifeOf(overlay: Overlay, service: Backend): void {
  test(`${service}: the start-up, readiness and liveness probes use existing routes with different tolerances`, () => {
    const { startupProbe, readinessProbe, livenessProbe } = overlay.containerOf(service);
    const health = readSources('platform/http/health.ts').get('platform/http/health.ts') ?? '';
    for (const { httpGet } of [startupProbe, readinessProbe, livenessProbe]) {
      assert.equal(httpGet.port, 'http');
      assert.ok(health.includes(`server.get('${httpGet.path}'`), httpGet.path);
    }
    assert.equal(readinessProbe.httpGet.path, '/ready');
    assert.equal(livenessProbe.httpGet.path, '/health');
    const patienceS = (probe: { periodSeconds: number; failureThreshold: number }) =>
      probe.periodSeconds * probe.failureThreshold;
    assert.ok(patienceS(startupProbe) >= 300, 'a migration may take minutes');
    assert.ok(
      patienceS(readinessProbe) < patienceS(livenessProbe),
      'a replica leaves the load balancer before it is restarted',
    );
  });

  test(`${service}: the grace period covers a graceful shutdown, and an update never reduces capacity`, () => {
    const { spec } = overlay.one('Deployment', service);
    const { lifecycle } = overlay.containerOf(service);
    const orderlyEndS = 10;
    const neededS = lifecycle.preStop.sleep.seconds + orderlyEndS;
    assert.ok(spec.template.spec.terminationGracePeriodSeconds > neededS);
    assert.deepEqual(spec.strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
  });
}

describe('the overlays', { skip: kustomizeMissing }, () => {
  const [local, production] = [new Overlay('local'), new Overlay('production')];

  test('local is a demo with one replica of each and one database', () => {
    for (const backend of backends) assert.equal(local.one('Deployment', backend).spec.replicas, 1);
    assert.equal(local.all('StatefulSet').length, 1);
    const demo = (service: Service) => local.containerOf(service).env.find(({ name }) => name === 'DEMO')?.value;
    assert.deepEqual([demo('auth'), demo('account')], ['true', 'true']);
  });

  test('production is no demo, holds no secret, and spreads over nodes', () => {
    assert.deepEqual(production.all('Secret'), []);
    for (const service of backends) {
      const { env, resources } = production.containerOf(service);
      assert.ok(!env.some(({ name }) => name === 'DEMO'));
      assert.ok(resources.limits.cpu && resources.limits.memory);
      const { spec } = production.one('Deployment', service);
      assert.equal(spec.replicas, undefined, 'the autoscaler sets the replicas');
      const scaler = production.one('HorizontalPodAutoscaler', service).spec;
      assert.deepEqual([scaler.scaleTargetRef.name, scaler.minReplicas], [service, 3]);
      assert.equal(scaler.metrics[0].resource.name, 'cpu');
      assert.equal(production.one('PodDisruptionBudget', service).spec.maxUnavailable, 1);
      const spread = spec.template.spec.topologySpreadConstraints as { topologyKey: string; labelSelector: object }[];
      assert.deepEqual(
        spread.map(({ topologyKey }) => topologyKey),
        ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'],
      );
      for (const { labelSelector } of spread) assert.ok(selects(labelSelector, spec.template.metadata.labels));
    }
  });

  test('production: each service’s database has a synchronous standby, and connections for all replicas', () => {
    for (const service of services) {
      const { spec } = production.one('Cluster', `${service}-database`);
      assert.deepEqual(spec.postgresql.synchronous, { method: 'any', number: 1, dataDurability: 'required' });
      assert.ok(spec.instances > spec.postgresql.synchronous.number + 1, 'one standby may be down');
      const { maxReplicas } = production.one('HorizontalPodAutoscaler', service).spec;
      // A process opens ten connections, and one more while it starts. Three are reserved for the superuser.
      const needed = (maxReplicas + 1) * 11 + 3;
      assert.ok(Number(spec.postgresql.parameters.max_connections) >= needed);
    }
  });
});

describe('planted errors are found', { skip: kustomizeMissing }, () => {
  const container = ({ spec }: Document) => spec.template.spec.containers[0];
  const planted: [title: string, kind: string, change: (document: Document) => void, found: RegExp][] = [
    [
      'an unknown field of a deployment',
      'Deployment',
      (each) => (container(each).readynessProbe = {}),
      /readynessProbe/,
    ],
    ['a value of a wrong type', 'Deployment', (each) => (container(each).ports[0].containerPort = '80'), /be integer/],
    ['a missing field', 'Deployment', ({ spec }) => delete spec.selector, /selector/],
    ['an unknown field of a database cluster', 'Cluster', ({ spec }) => (spec.instance = 3), /instance/],
    ['a wrong value in a database cluster', 'Cluster', ({ spec }) => (spec.instances = '3'), /must be integer/],
    ['an unknown field of the Gateway API', 'HTTPRoute', ({ spec }) => (spec.host = 'x'), /host/],
    ['an unknown field of a policy', 'NetworkPolicy', ({ spec }) => (spec.ingres = []), /ingres/],
    ['an unknown kind', 'Ingress', (each) => Object.assign(each, { kind: 'Ingres' }), /Ingres/],
  ];
  let invalid: string[] = [];
  before(async () => {
    const { documents } = new Overlay('production');
    const changed = planted.map(([title, kind, change]) => {
      const document = structuredClone(documents.find((each) => each.kind === kind)) as Document;
      Object.assign(document.metadata, { name: title });
      change(document);
      return document;
    });
    invalid = await findInvalid(changed);
  });
  for (const [title, , , found] of planted) {
    test(title, () => {
      const complaints = invalid.filter((complaint) => complaint.includes(` ${title}: `));
      assert.match(complaints.join('\n'), found);
    });
  }
});

/** Starts a service with these variables and no database. @returns its standard error. */
function startWith(service: Service, variables: Readonly<Record<string, string>>): string {
  const env = {
    PATH: process.env.PATH,
    ...variables,
    HOST: '127.0.0.1',
    PORT: '0',
    INTERNAL_PORT: '0',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  };
  const { stderr } = spawnSync(process.execPath, [join(root, service, 'main.ts')], { env, encoding: 'utf8' });
  return stderr;
}
