import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPglite } from '../../platform/database/pglite.ts';
import { openPostgres } from '../../platform/database/postgres/pool.ts';
import { growTables } from '../growth.ts';
import { type Crowd, storeCrowd } from '../people.ts';
import { type Program, startProgram } from './program.ts';
import type { BenchContext, Row, Setting, Target } from './row.ts';
import { type Addresses, startlistTarget } from './target.ts';

export const root = join(import.meta.dirname, '..', '..');

const adminPassword = 'the admin of a benchmark';

/** Production settings. Rate limits are on but too high to be reached, because all the load comes from one address. */
const environment = {
  DEMO: 'false',
  ADMIN_PASSWORD: adminPassword,
  SERVICE_TOKEN: 'the services of a benchmark',
  RATE_LIMIT_PERSON: '100000000/1m',
  RATE_LIMIT_ADDRESS: '100000000/1m',
  MAX_CONNECTIONS_PER_ADDRESS: '10000',
};

const names = { count: 0 };
const freshName = () => {
  names.count += 1;
  return `startlist_bench_${process.pid}_${names.count}`;
};

interface Kind {
  /** The root of the checkout. */
  readonly root?: string;
  readonly path?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  readonly connections?: number;
}

/** All four services in one process, on PostgreSQL. */
export function oneProcess(name: string, title: string, kind: Kind = {}): Row {
  return {
    name,
    title,
    ...(kind.connections !== undefined && { connections: kind.connections }),
    async open(context, setting) {
      const database = freshName();
      const url = await context.server.createDatabase(database);
      const program = await startApp(context, { DATABASE_URL: url }, kind);
      const crowd = await prepare(url, setting);
      const drop = () => context.server.dropDatabase(database);
      return appTarget(program, crowd, drop);
    },
  };
}

/** All four services in one process, on the embedded database, which is filled while no program has it open. */
export const embedded: Row = {
  name: 'embedded',
  title: 'Startlist, embedded database',
  async open(context, setting) {
    const folder = join(context.folder, freshName());
    mkdirSync(folder);
    await (await startApp(context, { DATA_DIR: folder })).stop();
    const database = await openPglite(folder);
    const crowd = await storeCrowd(database, setting.people, { poor: setting.poor }).finally(() => database.close());
    const program = await startApp(context, { DATA_DIR: folder });
    return appTarget(program, crowd, async () => {});
  },
};

/** Each service in its own process. Requests go to the services' ports, as an ingress would send them. */
export const fourProcesses: Row = {
  name: 'four',
  title: 'Startlist, four processes',
  async open(context, setting) {
    const database = freshName();
    const url = await context.server.createDatabase(database);
    const start = (service: string, others: Readonly<Record<string, string>> = {}) =>
      startProgram({
        root,
        path: `${service}/main.ts`,
        folder: context.folder,
        environment: { ...environment, DATABASE_URL: url, ...others },
      });
    const internalUrl = ({ ports }: Program) => `http://127.0.0.1:${ports.internalPort}`;
    const publicUrl = ({ ports }: Program) => `http://127.0.0.1:${ports.port}`;
    const auth = await start('auth');
    const AUTH_URL = internalUrl(auth);
    const [events, account] = await Promise.all([start('events', { AUTH_URL }), start('account', { AUTH_URL })]);
    const book = await start('book', { AUTH_URL, EVENTS_URL: internalUrl(events), ACCOUNT_URL: internalUrl(account) });
    const crowd = await prepare(url, setting);
    const programs = [book, account, events, auth];
    const addresses = { events: publicUrl(events), book: publicUrl(book) };
    return startlistTarget(addresses, crowd, programs, () => context.server.dropDatabase(database));
  },
};

/** The path of the program that `npm start` runs in a checkout. Another revision may have it in another folder. */
function startPath(root: string): string {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return scripts.start.split(' ').at(-1);
}

function startApp(context: BenchContext, database: Readonly<Record<string, string>>, kind: Kind = {}) {
  return startProgram({
    root: kind.root ?? root,
    path: kind.path ?? startPath(kind.root ?? root),
    folder: context.folder,
    environment: { ...environment, ...database, ...kind.environment },
    ...(kind.nodeOptions && { nodeOptions: kind.nodeOptions }),
  });
}

function appTarget(program: Program, crowd: Crowd, after: () => Promise<void>): Target {
  const url = `http://127.0.0.1:${program.ports.port}`;
  return startlistTarget({ events: url, book: url } satisfies Addresses, crowd, [program], after);
}

/** Fills the tables that a started program has created. */
async function prepare(url: string, setting: Setting): Promise<Crowd> {
  const database = openPostgres(url, 1);
  try {
    const crowd = await storeCrowd(database, setting.people, { poor: setting.poor });
    if (setting.stored > 0) await growTables(database, setting.stored);
    return crowd;
  } finally {
    await database.close();
  }
}
