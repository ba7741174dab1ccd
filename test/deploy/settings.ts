import assert from 'node:assert/strict';
import { backendOfPart } from '../../contracts/http/paths.ts';
import { routesOf } from '../../contracts/routes.ts';
import { type Backend, type Service, services } from '../../contracts/services.ts';
import { pageAssets } from '../../openapi/page.ts';
import { readSources } from '../support/sources.ts';

/** The settings of a service, read from its source code. */
export interface Settings {
  readonly port: number;
  readonly internalPort: number;
  /** The environment variables that the service reads. */
  readonly variables: ReadonlySet<string>;
  /** The other services that the service calls. */
  readonly asks: readonly Service[];
  /** The public paths of the service, without the health routes that every service has. */
  readonly routes: readonly string[];
}

const namesIn = (text: string) => [...text.matchAll(/\b([A-Z][A-Z_]+): [a-z]/g)].map(([, name = '']) => name);

/** Reads ports, variables, calls and routes from the code of the four services. */
export function readSettings(): Readonly<Record<Service, Settings>> {
  const common = [
    ...readSources('platform/{process/service-program,http/edge/edge,telemetry/start}.ts').values(),
  ].flatMap(namesIn);
  return Object.fromEntries(services.map((service) => [service, settingsOf(service, common)])) as never;
}

function settingsOf(service: Service, common: readonly string[]): Settings {
  const main = readSources(`${service}/main.ts`).get(`${service}/main.ts`) ?? '';
  const number = (name: string) => Number(new RegExp(`^ {2}${name}: (\\d+),$`, 'm').exec(main)?.[1]);
  const own = namesIn(main);
  return {
    port: number('port'),
    internalPort: number('internalPort'),
    variables: new Set([...common, ...own, `${service.toUpperCase()}_DATABASE_URL`]),
    asks: services.filter((other) => own.includes(`${other.toUpperCase()}_URL`)),
    routes: [...routesOf[service].map(({ path }) => path), ...(service === 'auth' ? Object.keys(pageAssets) : [])],
  };
}

/** The settings of the web server: it has no internal port and calls no service. */
export function readPageSettings(): Pick<Settings, 'port' | 'variables' | 'routes'> {
  const main = readSources('web/main.ts').get('web/main.ts') ?? '';
  const edge = readSources('platform/http/edge/edge.ts').get('platform/http/edge/edge.ts') ?? '';
  const parts = [...backendOfPart].filter(([, backend]) => backend === 'web').map(([part]) => part);
  return {
    port: Number(/PORT: port\(\{ default: (\d+) \}\)/.exec(main)?.[1]),
    variables: new Set([...namesIn(main), ...namesIn(edge)]),
    routes: parts.flatMap((part) => (part === '' ? ['/'] : [`/${part}`, `/${part}/1`])),
  };
}

/** The public port of each service and of the web server. */
export function readPublicPorts(): Readonly<Record<Backend, number>> {
  const settings = readSettings();
  const ports = services.map((service) => [service, settings[service].port]);
  return { ...Object.fromEntries(ports), web: readPageSettings().port };
}

/** Asserts that a service reads all given variables, and that required variables and addresses are given correctly. */
export function requireVariables(service: Service, variables: Readonly<Record<string, string>>): void {
  const { [service]: own, ...others } = readSettings();
  for (const name of Object.keys(variables)) {
    assert.ok(own.variables.has(name) || name === 'NODE_ENV', `${service} reads no ${name}`);
  }
  for (const name of ['DATABASE_URL', 'SERVICE_TOKEN']) assert.ok(name in variables, `${service} has no ${name}`);
  for (const other of own.asks) {
    const name = `${other.toUpperCase()}_URL`;
    const { internalPort } = (others as Record<Service, Settings>)[other];
    assert.equal(variables[name], `http://${other}:${internalPort}`, `${name} of ${service}`);
  }
}
