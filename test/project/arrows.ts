import { posix } from 'node:path';

/** A program as paths from its root, each with the text that stands there. */
export type Sources = ReadonlyMap<string, string>;

/** One of the places that files stand in, and where its imports may lead besides the place itself. */
interface Place {
  /** Which files stand here. The first place that takes a file has it. */
  readonly files: RegExp;
  /** Other places. `own` before one means: of the same service alone. */
  readonly places: readonly string[];
  /** Single files of yet other places. */
  readonly single?: readonly string[];
  /** Packages and parts of Node; any of them, where this is left out. */
  readonly packages?: readonly string[];
  /** What is said of an import that leads elsewhere. */
  readonly law: string;
}

const anyService = '^(?<service>auth|events|account|book)';
const noIo = 'a rule does no I/O: it knows no store, no database and no HTTP';
/** What a person who wires or watches the program may reach into. */
const inside = ['contracts', 'kit', 'saga', 'credentials', 'rules', 'store', 'parts', 'service', 'openapi'];

/** All places. Imports point one way: each place knows only what stands below it. */
export const places: Readonly<Record<string, Place>> = {
  tests: {
    files: /^tests\/|\.(test|prove|fixture)\.ts$/,
    places: [
      ...inside,
      'main',
      'app',
      'gateway',
      'services',
      'walk',
      'reconcile',
      'admin',
      'docs',
      'sim',
      'bench',
      'web',
      'pages',
      'client',
      'client in Node',
      'types of the client',
    ],
    law: 'there is no such place',
  },
  contracts: {
    files: /^contracts\//,
    places: [],
    packages: ['typebox'],
    law: 'contracts know each other, and how a schema is written',
  },
  openapi: { files: /^openapi\//, places: ['contracts', 'kit'], law: 'the document is made of contracts alone' },
  'types of the client': {
    files: /^client\/(generate|api)\.ts$/,
    places: ['openapi'],
    single: ['platform/process/command.ts'],
    law: 'the types of the client are made from the document',
  },
  'client in Node': {
    files: /^client\/node\.ts$/,
    places: ['client'],
    packages: [],
    law: 'what is for Node alone stands around the client',
  },
  client: {
    files: /^client\//,
    places: [],
    single: ['openapi/client/api.ts'],
    packages: ['openapi-fetch'],
    law: 'the client runs in a browser, and knows Startlist by its document alone',
  },
  kit: { files: /^kit\//, places: [], law: 'kit knows no service, no contract and no saga' },
  saga: { files: /^saga\//, places: ['kit'], law: 'saga knows no service and no contract' },
  rules: {
    files: new RegExp(
      `${anyService}/(slots|changes|ticket|cancellation|csv|balance|registration|reconciliation)\\.ts$`,
    ),
    places: ['contracts'],
    single: ['platform/errors.ts', 'platform/http/timestamps.ts', 'saga/table.ts'],
    packages: [],
    law: noIo,
  },
  credentials: {
    files: /^(?<service>auth)\/credentials\.ts$/,
    places: ['contracts'],
    // Hashing a password is work for other threads, and takes its turn in a queue.
    single: ['platform/batch.ts', 'platform/errors.ts', 'platform/http/credentials.ts', 'platform/world.ts'],
    packages: ['node:crypto', '@node-rs/argon2'],
    law: noIo,
  },
  store: {
    files: new RegExp(`${anyService}/(([a-z]+-)?store|schema)\\.ts$`),
    places: ['own rules', 'own credentials', 'contracts', 'kit', 'saga'],
    law: 'of its service, a store knows the rules alone',
  },
  service: {
    files: new RegExp(`${anyService}/service\\.ts$`),
    places: ['own parts', 'own store', 'own rules', 'own credentials', 'contracts', 'kit', 'saga', 'openapi'],
    law: 'a service knows nothing above it',
  },
  main: {
    files: new RegExp(`${anyService}/main\\.ts$`),
    places: ['own service', 'contracts', 'kit'],
    law: 'a main knows its service, and nothing behind it',
  },
  // Routes, participants, steps, and whatever else a service is made of.
  parts: {
    files: new RegExp(`${anyService}/[^/]+\\.ts$`),
    places: ['own store', 'own rules', 'own credentials', 'contracts', 'kit', 'saga'],
    law: 'the parts of a service stand below it',
  },
  pages: {
    files: /^web\/ui\//,
    places: ['contracts', 'client'],
    packages: ['preact', 'preact-iso', '@preact/signals', 'uqr'],
    law: 'the pages know Startlist by its routes, and run in a browser',
  },
  web: { files: /^web\//, places: ['contracts', 'kit'], law: 'what serves the pages knows no service' },
  app: {
    files: /^app\//,
    places: ['service', 'web', 'contracts', 'kit', 'saga'],
    law: 'app opens services, and looks at nothing behind them',
  },
  gateway: { files: /^gateway\//, places: ['contracts', 'kit'], law: 'the gateway knows services by their addresses' },
  services: {
    files: /^services\//,
    places: ['app', 'gateway', 'contracts', 'kit'],
    law: 'what starts the services knows them by their programs',
  },
  walk: {
    files: /^walk\//,
    places: ['app', 'kit', 'client', 'client in Node'],
    law: 'the walk knows Startlist by its routes',
  },
  admin: {
    files: /^admin\//,
    places: ['service', 'kit'],
    law: 'what an admin does with the database is done by the service whose it is',
  },
  reconcile: {
    files: /^reconcile\//,
    places: ['contracts'],
    law: 'the reconciliation is asked for by its routes',
  },
  deploy: {
    files: /^deploy\//,
    places: [],
    packages: [],
    law: 'what runs in an image beside the services knows nothing',
  },
  docs: { files: /^docs\//, places: inside, law: 'docs start nothing' },
  sim: { files: /^sim\//, places: [...inside, 'app'], law: 'a simulation is no part of anything' },
  bench: { files: /^bench\//, places: [...inside, 'app', 'sim'], law: 'a bench is no part of anything' },
};

interface Standing {
  readonly name: string;
  readonly place: Place;
  /** The service whose folder it is, where it is one's. */
  readonly service: string | undefined;
}

function standingOf(path: string): Standing | undefined {
  for (const [name, place] of Object.entries(places)) {
    const match = place.files.exec(path);
    if (match !== null) return { name, place, service: match.groups?.service };
  }
  return undefined;
}

/**
 * Finds the imports that point the wrong way, those of types included, and those that lead in a circle.
 * @returns each as a line that names it: `platform/batch.ts → book/bookings/store.ts: kit knows no service, no contract and no saga`.
 */
export function findWrongArrows(sources: Sources): string[] {
  const wrong: string[] = [];
  for (const [path, text] of sources) {
    const from = standingOf(path);
    if (from === undefined) wrong.push(`${path}: it stands in no place that test/project/arrows.ts knows`);
    for (const to of from === undefined ? [] : importsIn(path, text)) {
      const law = brokenLaw(from as Standing, to);
      if (law !== undefined) wrong.push(`${path} → ${to.name}: ${law}`);
    }
  }
  return [...wrong, ...findCircles(sources)];
}

function brokenLaw({ name, place, service }: Standing, to: Import): string | undefined {
  if (!to.isFile) return (place.packages ?? [to.name]).includes(to.name) ? undefined : place.law;
  const target = standingOf(to.name);
  if (target === undefined) return 'it stands in no place that test/project/arrows.ts knows';
  if (service !== undefined && target.service !== undefined && target.service !== service) {
    return 'services never import each other: they meet in contracts/';
  }
  const isAllowed =
    target.name === name ||
    place.single?.includes(to.name) ||
    place.places.includes(target.name) ||
    (target.service === service && place.places.includes(`own ${target.name}`));
  if (isAllowed) return undefined;
  if (target.name === 'tests') return 'only tests import tests';
  if (target.name === 'app') return 'nothing that app opens knows app';
  return place.law;
}

/** What an import names: a file by its path from the root, or a package by its name alone. */
interface Import {
  readonly name: string;
  readonly isFile: boolean;
}

const importForms = [
  // import x, { y } from 'z'; import type * as x from 'z'; export { x } from 'z'; over several lines, too.
  /^(?:import|export)\s[\w\s{},*$]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  // import 'z'
  /^import\s*['"]([^'"]+)['"]/gm,
  // await import('z'), and the type import('z').X
  /\bimport\(\s*['"]([^'"]+)['"]/g,
];

/** What the text at a path imports. */
export function importsIn(path: string, text: string): Import[] {
  const specifiers = importForms.flatMap((form) => [...text.matchAll(form)].map((match) => match[1] ?? ''));
  return specifiers.map((specifier) =>
    specifier.startsWith('.')
      ? { name: posix.join(posix.dirname(path), specifier), isFile: true }
      : { name: packageOf(specifier), isFile: false },
  );
}

/** `typebox/value` is a part of `typebox`; the name of `@node-rs/argon2` has two parts. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Names each circle once, beginning with the file by which it was entered. */
function findCircles(sources: Sources): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (path: string): void => {
    if (way.includes(path)) {
      circles.push(`${[...way.slice(way.indexOf(path)), path].join(' → ')}: imports lead in a circle`);
    }
    if (way.includes(path) || done.has(path)) return;
    way.push(path);
    for (const { name } of importsIn(path, sources.get(path) ?? '')) if (sources.has(name)) visit(name);
    way.pop();
    done.add(path);
  };
  for (const path of sources.keys()) visit(path);
  return circles;
}
