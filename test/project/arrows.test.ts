import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { readSources } from '../support/sources.ts';
import { findWrongArrows, importsIn, places } from './arrows.ts';

const sources = readSources('**/*.{ts,tsx}');

const asItStands = findWrongArrows(sources);

/** What more is found when one file has one more line than it has. */
function findPlanted(path: string, line: string): string[] {
  const planted = new Map([...sources, [path, `${sources.get(path) ?? ''}\n${line}\n`]]);
  return findWrongArrows(planted).filter((wrong) => !asItStands.includes(wrong));
}

test('imports point one way', () => {
  assert.ok(sources.size > 50, 'the sources were found');
  assert.deepEqual(asItStands, []);
});

describe('a planted import is found and named', () => {
  const io = 'a rule does no I/O: it knows no store, no database and no HTTP';
  const apart = 'services never import each other: they meet in contracts/';
  const planted: [path: string, line: string, found: string][] = [
    [
      'platform/batch.ts',
      `import { migrations } from '../../book/bookings/store.ts';`,
      'book/bookings/store.ts: kit knows no service, no contract and no saga',
    ],
    [
      'platform/http/pagination.ts',
      `import type { Person } from '../../contracts/auth/calls.ts';`,
      'contracts/auth/calls.ts: kit knows no service, no contract and no saga',
    ],
    [
      'platform/telemetry/log.ts',
      `import { Engine } from '../../saga/coordinator/engine.ts';`,
      'saga/coordinator/engine.ts: kit knows no service, no contract and no saga',
    ],
    [
      'platform/http/server.ts',
      `import { banner } from '../../programs/start/banner.ts';`,
      'programs/start/banner.ts: nothing that app opens knows app',
    ],
    [
      'saga/coordinator/engine.ts',
      `import type { Reason } from '../../contracts/step.ts';`,
      'contracts/step.ts: saga knows no service and no contract',
    ],
    [
      'saga/coordinator/steps.ts',
      `import { registration } from '../../book/registration.ts';`,
      'book/registration.ts: saga knows no service and no contract',
    ],
    [
      'contracts/events/schemas.ts',
      `import { Conflict } from '../../platform/errors.ts';`,
      'platform/errors.ts: contracts know each other, and how a schema is written',
    ],
    ['contracts/auth/calls.ts', `import pg from 'pg';`, 'pg: contracts know each other, and how a schema is written'],
    ['events/slots.ts', `import type { EventsStore } from './store.ts';`, `events/store.ts: ${io}`],
    [
      'account/payments.ts',
      `import type { Database } from '../../platform/database/database.ts';`,
      `platform/database/database.ts: ${io}`,
    ],
    ['book/registration.ts', `import { readFileSync } from 'node:fs';`, `node:fs: ${io}`],
    ['auth/credentials.ts', `import fastify from 'fastify';`, `fastify: ${io}`],
    [
      'events/store.ts',
      `import { eventsRoutes } from '../support/routes.ts';`,
      'events/routes.ts: of its service, a store knows the rules alone',
    ],
    [
      'account/cash/deposits.ts',
      `import { createAccount } from './service.ts';`,
      'account/service.ts: the parts of a service stand below it',
    ],
    ['book/bookings/routes.ts', `import type { Event } from '../../events/store.ts';`, `events/store.ts: ${apart}`],
    ['account/payments.ts', `export * from '../../events/slots.ts';`, `events/slots.ts: ${apart}`],
    [
      'auth/service.ts',
      `import { readAppConfig } from '../../programs/start/config.ts';`,
      'programs/start/config.ts: nothing that app opens knows app',
    ],
    [
      'auth/main.ts',
      `import { createAuthStore } from './store.ts';`,
      'auth/store.ts: a main knows its service, and nothing behind it',
    ],
    [
      'programs/start/startlist.ts',
      `import { createBookStore } from '../../book/bookings/store.ts';`,
      'book/bookings/store.ts: app opens services, and looks at nothing behind them',
    ],
    [
      'programs/start/main.ts',
      `import { eachDatabase } from '../support/databases/databases.ts';`,
      'test/support/databases/databases.ts: only tests import tests',
    ],
    [
      'programs/walk/play.ts',
      `import { registration } from '../../book/registration.ts';`,
      'book/registration.ts: the walk knows Startlist by its routes',
    ],
    [
      'programs/gateway/main.ts',
      `import { createAuth } from '../../auth/service.ts';`,
      'auth/service.ts: the gateway knows services by their addresses',
    ],
    [
      'programs/cluster/main.ts',
      `import { createBook } from '../../book/service.ts';`,
      'book/service.ts: what starts the services knows them by their programs',
    ],
    [
      'deploy/health.ts',
      `import { port } from '../../platform/config.ts';`,
      'platform/config.ts: what runs in an image beside the services knows nothing',
    ],
    [
      'web/ui/app.tsx',
      `import { registration } from '../../book/registration.ts';`,
      'book/registration.ts: the pages know Startlist by its routes, and run in a browser',
    ],
    [
      'web/ui/saga/messages.ts',
      `import { readFileSync } from 'node:fs';`,
      'node:fs: the pages know Startlist by its routes, and run in a browser',
    ],
    [
      'web/files.ts',
      `import { createBookStore } from '../../book/bookings/store.ts';`,
      'book/bookings/store.ts: what serves the pages knows no service',
    ],
    [
      'programs/diagrams/main.ts',
      `import '../../programs/start/main.ts';`,
      'programs/start/main.ts: nothing that app opens knows app',
    ],
    [
      'test/simulation/world.ts',
      `import { system } from '../support/system.ts';`,
      'test/support/system.ts: only tests import tests',
    ],
  ];
  for (const [path, line, found] of planted) {
    test(`${path} → ${found}`, () => {
      const wrong = findPlanted(path, line);
      assert.ok(wrong.includes(`${path} → ${found}`), wrong.join('\n'));
    });
  }

  test('a circle within a folder', () => {
    assert.deepEqual(findPlanted('platform/errors.ts', `import type { World } from './world.ts';`), []);
    const circles = findPlanted('saga/table.ts', `import type { Engine } from './engine.ts';`);
    assert.match(circles.join('\n'), /saga\/table\.ts → saga\/engine\.ts.*: imports lead in a circle/);
  });

  test('a folder that nobody has named', () => {
    const found = findPlanted('helpers/text.ts', 'export {};');
    assert.deepEqual(found, ['helpers/text.ts: it stands in no place that test/project/arrows.ts knows']);
  });
});

describe('the table of arrows in ARCHITECTURE.md', () => {
  const services = ['auth', 'events', 'account', 'book'];
  /** The folders of a place: those of services are their parts, and some folders have several places. */
  function foldersOf(place: string): string[] {
    if (['rules', 'credentials', 'store', 'parts', 'service', 'main'].includes(place)) return services;
    if (place === 'pages') return ['web/ui'];
    return [/client/.test(place) ? 'client' : place];
  }
  /** By folder, those that the law lets its files import from. */
  const lawful = new Map<string, Set<string>>();
  for (const [name, { places: known, single = [] }] of Object.entries(places)) {
    if (name === 'tests') continue;
    const others = known.filter((place) => !place.startsWith('own ')).flatMap(foldersOf);
    for (const folder of foldersOf(name)) {
      const all = lawful.get(folder) ?? new Set<string>();
      for (const other of [...others, ...single.map((path) => path.split('/')[0] ?? '')]) all.add(other);
      all.delete(folder);
      lawful.set(folder, all);
    }
  }
  const [, table = ''] = /\n## The arrows\n\n([\s\S]*?)\n\n/.exec(readFileSync('ARCHITECTURE.md', 'utf8')) ?? [];
  const written = new Map<string, string[]>();
  for (const line of table.split('\n').slice(2)) {
    const [, left = '', right = ''] = line.split('|');
    const named = (cell: string) => [...cell.matchAll(/`([a-z/]+)\/`/g)].map(([, folder = '']) => folder);
    const knows = right.includes('the four services') ? [...services, ...named(right)] : named(right);
    for (const folder of named(left)) if (folder !== 'tests') written.set(folder, knows);
  }

  test('has a line for each folder that there is a law for', () => {
    assert.deepEqual([...written.keys()].toSorted(), [...lawful.keys()].toSorted());
  });

  for (const [folder, knows] of lawful) {
    test(`says of ${folder}/ what the law says`, () => {
      assert.deepEqual(written.get(folder)?.toSorted(), [...knows].toSorted());
    });
  }
});

test('every way to write an import is read, and nothing else is', () => {
  const text = `
import one from 'one';
import type { Two } from './two.ts';
import three, {
  type Three,
  four as five,
} from '../saga/three.ts';
import * as four from "@scope/four/part.js";
export { five } from './five.ts';
export type * from './six.ts';
import './seven.ts';
const eight = await import('./eight.ts');
type Nine = import('node:nine').Nine;
export function none() { return "from 'none'"; }
const none = "import none from 'none'";
// import none from 'none';
`;
  const names = importsIn('kit/file.ts', text).map(({ name }) => name);
  const files = ['kit/two.ts', 'saga/three.ts', 'kit/five.ts', 'kit/six.ts', 'kit/seven.ts', 'kit/eight.ts'];
  assert.deepEqual(names.toSorted(), [...files, 'one', '@scope/four', 'node:nine'].toSorted());
});
