import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { backends, services } from '../../contracts/services.ts';
import { nodeArguments } from '../../platform/process/program.ts';
import { importsIn } from '../project/arrows.ts';
import { readSources, root } from '../support/sources.ts';
import { kustomizeMissing, Overlay, overlayNames } from './kubernetes.ts';
import { readPageSettings, readPublicPorts, readSettings, requireVariables } from './settings.ts';

const settings = readSettings();
const pages = readPageSettings();
const publicPorts = readPublicPorts();

function read(path: string): string {
  const text = readSources(path).get(path);
  assert.ok(text !== undefined, `there is no ${path}`);
  return text;
}

describe('compose.yaml', () => {
  interface ComposeService {
    readonly image: string;
    readonly command?: string[];
    readonly environment: Record<string, string>;
    readonly volumes?: string[];
    readonly ports?: string[];
    readonly stop_grace_period?: string;
  }
  const compose = parse(read('compose.yaml'), { merge: true }) as { services: Record<string, ComposeService> };
  const serviceOf = (name: string): ComposeService => {
    const found = compose.services[name];
    assert.ok(found, `there is no ${name}`);
    return found;
  };

  for (const service of services) {
    test(`${service}: command, variables and stop grace period agree with the code`, () => {
      const { image, command, environment, stop_grace_period: grace } = serviceOf(service);
      assert.deepEqual([image, command], ['startlist', [`${service}/main.ts`]]);
      requireVariables(service, environment);
      assert.ok(Number.parseInt(grace ?? '', 10) > 10, 'a graceful shutdown takes up to 10 s');
    });
  }

  test('the pages: command, variables and stop grace period agree with the code', () => {
    const { image, command, environment, stop_grace_period: grace } = serviceOf('web');
    assert.deepEqual([image, command], ['startlist', ['web/main.ts']]);
    assert.deepEqual(
      Object.keys(environment).filter((name) => !pages.variables.has(name)),
      [],
    );
    assert.ok(Number.parseInt(grace ?? '', 10) > 10);
  });

  test('only the gateway’s port is published, on the loopback address', () => {
    const published = Object.entries(compose.services).filter(([, { ports }]) => ports !== undefined);
    assert.deepEqual(
      published.map(([name, { ports }]) => [name, ports]),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: compose substitutes the variable.
      [['gateway', ['127.0.0.1:${PORT:-8080}:8080']]],
    );
  });

  test('the gateway mounts the files that it includes, and its upstreams are the services’ ports', () => {
    const mounted = (serviceOf('gateway').volumes ?? []).map((volume) => volume.split(':')[0] ?? '');
    const included = new Set(['./deploy/nginx/compose.conf']);
    for (const path of included) {
      for (const [, name] of read(path.slice(2)).matchAll(/^\s*include (\S+);/gm))
        included.add(`./deploy/nginx/${name}`);
    }
    assert.deepEqual(new Set(mounted), included);
    const upstreams = [...read('deploy/nginx/compose.conf').matchAll(/^upstream (\w+) +\{ server (\S+);/gm)];
    assert.deepEqual(
      upstreams.map(([, name, address]) => [name, address]),
      backends.map((backend) => [backend, `${backend}:${publicPorts[backend]}`]),
    );
  });

  test('the gateway’s access log holds paths without queries', () => {
    const configuration = read('deploy/nginx/compose.conf');
    const [, name, format = ''] = /^log_format (\w+) '([^']+)';/m.exec(configuration) ?? [];
    assert.match(configuration, new RegExp(`^ +access_log \\S+ ${name};`, 'm'));
    assert.match(format, /\$uri\b/);
    assert.doesNotMatch(format, /\$(request|request_uri|args|arg_\w+|query_string|http_referer)\b/);
  });

  test('a renamed variable is found', () => {
    const { AUTH_URL, ...rest } = serviceOf('book').environment;
    assert.throws(
      () => requireVariables('book', { ...rest, AUTH_ADDRESS: AUTH_URL ?? '' }),
      /book reads no AUTH_ADDRESS/,
    );
    assert.throws(() => requireVariables('book', rest), /AUTH_URL of book/);
  });
});

describe('the routes of nginx', () => {
  /** The upstreams of all locations that match a path. nginx uses the first of them. */
  const wayOf = (configuration: string, path: string) =>
    [...configuration.matchAll(/^location ~ (\S+) +\{[^}]*?proxy_pass http:\/\/(\w+);/gm)]
      .filter(([, pattern = '']) => new RegExp(pattern).test(path))
      .map(([, , upstream]) => upstream);

  for (const file of ['routes.conf', 'auth-request.conf']) {
    test(`${file} routes each API route to its service, each page to the pages, and nothing else`, () => {
      const configuration = read(`deploy/nginx/${file}`);
      for (const service of services) {
        for (const route of settings[service].routes) assert.deepEqual(wayOf(configuration, route), [service], route);
      }
      for (const route of pages.routes) assert.deepEqual(wayOf(configuration, route), ['web'], route);
      for (const path of ['/health', '/internal/occupy', '/eventsX', '/eventX', '/authX']) {
        assert.deepEqual(wayOf(configuration, path), [], path);
      }
      const forgetful = configuration.replace('signin|', '');
      assert.deepEqual(wayOf(forgetful, '/signin'), []);
    });
  }
});

describe('skaffold', () => {
  interface Skaffold {
    readonly build: { artifacts: { image: string; context?: string; docker: { dockerfile: string } }[] };
    readonly manifests: { kustomize: { paths: string[] } };
    readonly profiles?: { name: string; manifests: Skaffold['manifests'] }[];
  }
  const files = ['skaffold.yaml', ...backends.map((backend) => `${backend}/skaffold.yaml`)];
  const pathsIn = (file: string, { manifests }: Pick<Skaffold, 'manifests'>) =>
    manifests.kustomize.paths.map((path) => join(dirname(file), path));

  for (const file of files) {
    test(`${file} builds the image and deploys existing manifests`, () => {
      const config = parse(read(file)) as Skaffold;
      const [artifact, ...more] = config.build.artifacts;
      assert.ok(artifact && more.length === 0);
      assert.equal(artifact.image, 'startlist');
      assert.ok(existsSync(join(root, dirname(file), artifact.context ?? '.', artifact.docker.dockerfile)));
      for (const each of [config, ...(config.profiles ?? [])]) {
        for (const path of pathsIn(file, each)) assert.ok(existsSync(join(root, path, 'kustomization.yaml')), path);
      }
    });
  }

  test('each folder’s file deploys its service and the common part, and the root’s file deploys everything', () => {
    for (const service of backends) {
      const file = `${service}/skaffold.yaml`;
      const expected = ['common', service].map((name) => `deploy/overlays/local/${name}`);
      assert.deepEqual(pathsIn(file, parse(read(file))), expected);
    }
    const config = parse(read('skaffold.yaml')) as Skaffold;
    assert.deepEqual(pathsIn('skaffold.yaml', config), ['deploy/overlays/local']);
    const { resources } = parse(read('deploy/overlays/local/kustomization.yaml')) as { resources: string[] };
    assert.deepEqual(resources, ['common', ...backends]);
  });

  test('the manifests name the image that skaffold builds', { skip: kustomizeMissing }, () => {
    for (const name of overlayNames) {
      const overlay = new Overlay(name);
      for (const service of backends) {
        assert.match(overlay.containerOf(service).image, /^startlist(:[\d.]+)?$/, `${name} ${service}`);
      }
    }
  });
});

describe('the image', () => {
  const dockerfile = read('Dockerfile');
  const copied = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));

  test('it contains every file that a service imports', () => {
    const sources = readSources('**/*.ts');
    const needed = new Set([...backends.map((backend) => `${backend}/main.ts`), 'deploy/health.ts']);
    for (const path of needed) {
      for (const { name, isFile } of importsIn(path, sources.get(path) ?? '')) if (isFile) needed.add(name);
    }
    assert.ok(needed.size > 60);
    const isCopied = (path: string) => copied.some((part) => path === part || path.startsWith(`${part}/`));
    assert.deepEqual(
      [...needed].filter((path) => !isCopied(path)),
      [],
    );
    assert.ok(!isCopied('test/runner/run.ts') && !isCopied('programs/start/main.ts'));
  });

  test('the pages are built from all their sources, and the sources are removed', () => {
    const sources = readSources('web/ui/**/*.{ts,tsx}');
    assert.ok(sources.size > 50);
    const imported = [...sources].flatMap(([path, text]) => importsIn(path, text).filter(({ isFile }) => isFile));
    const parts = new Set(imported.map(({ name }) => name.split('/')[0] ?? ''));
    assert.ok(
      imported.some(({ name }) => name.startsWith('openapi/client/')),
      'the pages import the typed client',
    );
    assert.deepEqual(
      [...parts].filter((part) => !copied.includes(part)),
      [],
    );
    assert.match(dockerfile, /^RUN rm -rf openapi\/client web\/ui /m);
  });

  test('it exposes the services’ ports, and its health check requests them', () => {
    const ports = backends.map((backend) => publicPorts[backend]);
    const exposed = [...ports, ...services.map((service) => settings[service].internalPort)];
    assert.match(dockerfile, new RegExp(`^EXPOSE ${exposed.join(' ')}$`, 'm'));
    assert.ok(read('deploy/health.ts').includes(`[${ports.join(', ')}]`));
    assert.match(dockerfile, /^HEALTHCHECK .*CMD \["node", "deploy\/health.ts"\]$/m);
  });

  test('it runs unprivileged, with NODE_ENV=production, and listens on all addresses', () => {
    assert.match(dockerfile, /^USER [1-9]\d*:[1-9]\d*$/m);
    assert.match(dockerfile, /^\s*(ENV )?NODE_ENV=production\b/m);
    assert.match(dockerfile, /^\s*HOST=0\.0\.0\.0$/m);
    assert.ok(dockerfile.includes(`NODE_OPTIONS=${nodeArguments.join(' ')} `));
    assert.doesNotMatch(dockerfile, /^(ENTRYPOINT|CMD) [^[]/m, 'the exec form runs no shell');
  });

  test('its Node.js has the major version of the types and the tests', () => {
    const { devDependencies } = JSON.parse(read('package.json'));
    const line = Number.parseInt(devDependencies['@types/node'], 10);
    assert.match(dockerfile, new RegExp(`^ARG BUILD_BASE=\\S+/node:${line}-`, 'm'));
    assert.match(dockerfile, new RegExp(`^ARG BASE=\\S+/nodejs${line}-`, 'm'));
  });
});
