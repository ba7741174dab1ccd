import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Backend, backends, services } from '../../contracts/services.ts';
import { type Document, kustomizeMissing, Overlay, overlayNames } from './kubernetes.ts';
import { mayReach, type Peer } from './policies.ts';
import { readPageSettings, readPublicPorts, readSettings } from './settings.ts';

const settings = readSettings();
const publicPorts = readPublicPorts();
const routesOf = (backend: Backend) => (backend === 'web' ? readPageSettings() : settings[backend]).routes;

for (const name of overlayNames) {
  describe(name, { skip: kustomizeMissing }, () => {
    const overlay = new Overlay(name);

    for (const service of backends) {
      test(`${service}: the Ingress and the Gateway API route all its routes to it`, () => {
        const routes = routesOf(service);
        assert.ok(routes.length > 0);
        for (const route of routes) {
          const path = route.replace(/:\w+/g, '1');
          assert.deepEqual(ingressWays(overlay.all('Ingress'), path), [service], path);
          if (overlay.name === 'production') {
            assert.deepEqual(gatewayWays(overlay.all('HTTPRoute'), path), [service], path);
          }
        }
      });
    }

    test('nothing else is routed: no health, internal or similarly named path', () => {
      for (const path of [
        '/health',
        '/ready',
        '/eventX',
        '/internal/resolve-sessions',
        '/eventsX',
        '/authX',
        '/metrics',
      ]) {
        assert.deepEqual(ingressWays(overlay.all('Ingress'), path), [], path);
        assert.deepEqual(gatewayWays(overlay.all('HTTPRoute'), path), [], path);
      }
    });

    test('routes name the host, and no class or annotation', () => {
      for (const { spec, metadata } of overlay.all('Ingress')) {
        assert.equal(metadata['annotations' as keyof typeof metadata], undefined);
        assert.equal(spec.ingressClassName, undefined);
        assert.deepEqual(
          spec.rules.map(({ host }: { host: string }) => host),
          ['arch.homework'],
        );
      }
      for (const { spec, metadata } of overlay.all('HTTPRoute')) {
        assert.equal(metadata['annotations' as keyof typeof metadata], undefined);
        assert.deepEqual(spec.hostnames, ['arch.homework']);
      }
    });

    test('services that export traces reach only the collector’s port in the namespace monitoring; other pods reach nothing there', () => {
      const collector: Peer = {
        name: 'collector',
        namespace: 'monitoring',
        labels: {},
        ports: { otlp: 4318, other: 80 },
      };
      const reaching = (port: number) =>
        overlay.pods
          .map(({ metadata, spec }) => ({
            name: metadata.name,
            namespace: 'saga',
            labels: spec.template.metadata.labels,
          }))
          .filter((from) => mayReach(overlay.all('NetworkPolicy'), from, collector, port))
          .map(({ name }) => name);
      assert.deepEqual(reaching(4318).sort(), [...services].sort());
      assert.deepEqual(reaching(80), []);
    });

    test('the network policies allow exactly the expected connections', () => {
      assert.deepEqual(reachable(overlay), expectedArrows(overlay));
    });
  });
}

/** All allowed connections between all peers and ports, as `from → to port`. */
function reachable(overlay: Overlay): string[] {
  const peers: Peer[] = overlay.pods.map(({ metadata, spec }) => ({
    name: metadata.name,
    namespace: 'saga',
    labels: spec.template.metadata.labels,
    ports: Object.fromEntries(
      spec.template.spec.containers[0].ports.map((port: { name: string; containerPort: number }) => [
        port.name,
        port.containerPort,
      ]),
    ),
  }));
  for (const { metadata, spec } of overlay.all('Cluster')) {
    const labels = { ...spec.inheritedMetadata.labels, 'cnpg.io/cluster': metadata.name };
    peers.push({
      name: metadata.name,
      namespace: 'saga',
      labels,
      ports: { postgresql: 5432, status: 8000, metrics: 9187 },
    });
  }
  const others = ['monitoring', 'cnpg-system', 'gateway'].map((name) => ({ name, namespace: name, labels: {} }));
  const outside: Peer[] = [{ name: 'pod', namespace: 'saga', labels: {} }, ...others];
  const policies = overlay.all('NetworkPolicy');
  const arrows: string[] = [];
  for (const from of [...peers, ...outside]) {
    for (const to of peers) {
      for (const [name, port] of Object.entries(to.ports ?? {})) {
        if (mayReach(policies, from, to, port)) arrows.push(`${from.name} → ${to.name} ${name}`);
      }
    }
  }
  return arrows.sort();
}

function expectedArrows(overlay: Overlay): string[] {
  const arrows: string[] = [];
  const others = ['monitoring', 'cnpg-system', 'gateway'];
  for (const other of others) arrows.push(`${other} → web http`);
  for (const service of services) {
    for (const asked of settings[service].asks) arrows.push(`${service} → ${asked} internal`);
    for (const other of others) arrows.push(`${other} → ${service} http`);
    arrows.push(`monitoring → ${service} internal`);
    if (overlay.name === 'local') {
      arrows.push(`${service} → database postgres`);
    } else {
      const database = `${service}-database`;
      arrows.push(`${service} → ${database} postgresql`, `cnpg-system → ${database} status`);
      arrows.push(`${database} → ${database} postgresql`, `${database} → ${database} status`);
      arrows.push(`monitoring → ${database} metrics`);
    }
  }
  return arrows.sort();
}

interface IngressPath {
  readonly path: string;
  readonly pathType: string;
  readonly backend: { readonly service: { readonly name: string; readonly port: { readonly name: string } } };
}

const isUnder = (path: string, prefix: string) => path === prefix || path.startsWith(`${prefix}/`);

/** The services to which the given Ingresses route a path. */
function ingressWays(ingresses: readonly Document[], path: string): string[] {
  const paths: IngressPath[] = ingresses.flatMap(({ spec }) =>
    spec.rules.flatMap((rule: { http: object }) => (rule.http as { paths: IngressPath[] }).paths),
  );
  return paths
    .filter((way) => (way.pathType === 'Exact' ? way.path === path : isUnder(path, way.path)))
    .map(({ backend: { service } }) => {
      assert.equal(service.port.name, 'http');
      return service.name;
    });
}

interface RouteRule {
  readonly matches: readonly { readonly path: { readonly type: string; readonly value: string } }[];
  readonly backendRefs: readonly { readonly name: Backend; readonly port: number }[];
}

function gatewayWays(routes: readonly Document[], path: string): string[] {
  const rules: RouteRule[] = routes.flatMap(({ spec }) => spec.rules);
  return rules
    .filter(({ matches }) =>
      matches.some(({ path: { type, value } }) => (type === 'Exact' ? value === path : isUnder(path, value))),
    )
    .flatMap(({ backendRefs }) => backendRefs)
    .map(({ name, port }) => {
      assert.equal(port, publicPorts[name]);
      return name;
    });
}

test('every pod may query DNS', { skip: kustomizeMissing }, () => {
  const { spec } = new Overlay('production').one('NetworkPolicy', 'names');
  assert.deepEqual(spec.podSelector, {});
  assert.deepEqual(spec.egress[0].ports, [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ]);
});

describe('planted errors are found', { skip: kustomizeMissing }, () => {
  const changed = (kind: string, name: string, change: (document: Document) => void): Overlay => {
    const overlay = new Overlay('production');
    change(overlay.one(kind, name));
    return overlay;
  };

  test('a route missing from an Ingress', () => {
    const overlay = changed('Ingress', 'auth', ({ spec }) => spec.rules[0].http.paths.shift());
    const lost = settings.auth.routes.filter((path) => ingressWays(overlay.all('Ingress'), path).length === 0);
    assert.equal(lost.length, 1);
  });

  test('an internal port that is open to everyone', () => {
    const open = changed('NetworkPolicy', 'account', ({ spec }) =>
      spec.ingress.push({ ports: [{ port: 'internal' }] }),
    );
    assert.deepEqual(
      reachable(open).filter((arrow) => !expectedArrows(open).includes(arrow)),
      ['cnpg-system → account internal', 'gateway → account internal'],
    );
  });

  test('a policy that denies too much', () => {
    const closed = changed('NetworkPolicy', 'book', ({ spec }) => spec.egress.pop());
    assert.deepEqual(
      expectedArrows(closed).filter((arrow) => !reachable(closed).includes(arrow)),
      ['book → account internal'],
    );
  });
});
