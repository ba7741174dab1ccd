import { createAccountRecords } from '../../account/reconciliation-store.ts';
import * as accountSchema from '../../account/schema.ts';
import { compareRecords } from '../../book/reconciliation/compare.ts';
import { createReconciliationStore } from '../../book/reconciliation/store.ts';
import * as bookSchema from '../../book/schema.ts';
import { createEventsRecords } from '../../events/reconciliation-store.ts';
import * as eventsSchema from '../../events/schema.ts';
import type { Database } from '../../platform/database/database.ts';
import { migrate } from '../../platform/database/migrate.ts';
import { Unavailable } from '../../platform/errors.ts';
import { arrowsOf } from './arrows.ts';
import { findOffences } from './checks/checks.ts';
import { Clients } from './clients.ts';
import { SharedDatabase } from './database.ts';
import { History } from './history.ts';
import { Life } from './life.ts';
import { Network } from './network.ts';
import { openPrepared } from './prepared.ts';
import { drawScenario, type Scenario } from './scenario.ts';
import { everybody, openAccount, openBook, openEvents } from './services.ts';
import { type Ground, ProcessSite } from './sites.ts';
import { countUnsettled, prepareTables, readTables, type Tables } from './tables.ts';
import { Weather } from './weather.ts';
import { VirtualWorld } from './world.ts';

/** The outcome of one seed. */
export interface Outcome {
  readonly seed: number;
  readonly history: History;
  /** The duration of the simulation, in milliseconds of the virtual clock. */
  readonly tookMs: number;
  readonly bookings: number;
}

/** The time limit for everything to settle after the faults have stopped, in milliseconds of the virtual clock. */
const settledWithinMs = 120_000;
/** The time limit of a shutdown. */
const endWithinMs = 10_000;
/** The interval between checks whether everything has settled. */
const lookEveryMs = 250;

/**
 * Opens the database of a simulation, in memory and with all schemas. `simulate` empties it first.
 * @param cluster an empty cluster to copy, instead of creating one.
 */
export async function openTables(cluster?: Blob): Promise<Database> {
  const database = await openPrepared(cluster);
  for (const { migrations } of [eventsSchema, accountSchema, bookSchema]) await migrate(database, migrations);
  return database;
}

/** Runs a seed: some seconds with faults, then time without faults until everything has settled. */
export async function simulate(database: Database, seed: number): Promise<Outcome> {
  const world = new VirtualWorld(seed);
  const history = new History(world);
  const weather = new Weather(world, history);
  const scenario = drawScenario(world, weather);
  const beganMs = world.now();
  if (scenario.clocks.events.offsetMs !== 0) history.count('clocks differ');
  await prepareTables(database, scenario, new Date(beganMs));
  const shared = new SharedDatabase(database, world, weather, history);
  const poisons = scenario.poisons.map((poison) => ({
    ...poison,
    fromMs: poison.fromMs + beganMs,
    untilMs: poison.untilMs + beganMs,
  }));
  const network = new Network(world, weather, history, { timeoutMs: scenario.timeoutMs, poisons });
  const ground: Ground = { world, weather, history, database: shared, network };
  const sites = openSites(ground, scenario);
  const clients = new Clients(ground, sites, scenario);
  for (const site of sites.all) site.start();
  for (const errand of scenario.errands) clients.send(errand);
  planEnds(ground, scenario, sites);
  world.later(scenario.roughMs, () => {
    weather.clear();
    network.calm();
    history.say('weather', 'all faults stop');
  });
  await settle(ground, scenario, clients);
  await reconcileAll(ground);
  for (const site of sites.all) site.close();
  // Lets the work end that was in flight when the processes were closed.
  await world.run(() => false, 100);
  const tables = await shared.look(readTables);
  for (const offence of findOffences(tables, scenario, clients)) history.blame(offence);
  countEffects(history, tables);
  for (const booking of tables.bookings) history.say('booking', JSON.stringify(booking));
  return { seed, history, tookMs: world.now() - beganMs, bookings: tables.bookings.length };
}

/** Counts what the faults and the requests of clients have led to. */
function countEffects(history: History, { bookings, slots, payments, vouchers }: Tables): void {
  for (const arrow of bookings.flatMap(arrowsOf)) history.count(`arrow: ${arrow}`);
  for (const { reason } of slots) if (reason !== null) history.count(`slot refused: ${reason}`);
  for (const { reason } of payments) if (reason !== null) history.count(`payment refused: ${reason}`);
  const atDesk = payments.filter(({ deskReference }) => deskReference !== null);
  const numbers = {
    'undone before it was occupied': slots.filter(({ state }) => state === 'undone'),
    'undone before it was paid': payments.filter(({ state }) => state === 'undone'),
    'credited or paid out': vouchers,
    'complete at the price that was seen': bookings.filter(
      ({ state, expectedPrice }) => state === 'complete' && expectedPrice !== null,
    ),
    'booked by hand': bookings.filter(({ madeBy }) => madeBy !== null),
    'paid at the desk': atDesk,
    'refunded at the desk': atDesk.filter(({ state }) => state === 'refunded'),
  };
  for (const [effect, { length }] of Object.entries(numbers)) history.count(effect, length);
}

function openSites(ground: Ground, { clocks, limits }: Scenario) {
  const events = new ProcessSite('events', ground, clocks.events, (life) => openEvents(ground, life));
  const account = new ProcessSite('account', ground, clocks.account, (life) => openAccount(ground, life));
  const books = (['book-1', 'book-2'] as const).map(
    (name) =>
      new ProcessSite(name, ground, clocks[name], (life) => openBook(ground, life, { events, account }, limits)),
  );
  return { events, account, books, all: [events, account, ...books] };
}

/** Ends processes at the planned times, even in the middle of their work. */
function planEnds({ world, history }: Ground, { ends }: Scenario, sites: ReturnType<typeof openSites>): void {
  for (const { atMs, siteName, isInOrder } of ends) {
    world.later(atMs, async () => {
      const running = sites.all.find(({ name }) => name === siteName)?.running;
      if (running === undefined) return;
      if (isInOrder && 'stop' in running.api) {
        history.say(siteName, 'shuts down');
        history.count('book shut down');
        // A real process, too, ends at once when its shutdown takes too long.
        world.later(endWithinMs, () => running.life.end());
        await running.api.stop().catch((error) => {
          if (!(error instanceof Unavailable)) history.blame(`the shutdown of ${siteName} failed: ${error}`);
        });
      } else history.say(siteName, 'is killed');
      running.life.end();
    });
  }
}

/** Compares the tables as `npm run reconcile` does. */
async function reconcileAll({ world, history, database }: Ground): Promise<void> {
  const life = new Life('look', world, { offsetMs: 0, pace: 1 });
  const own = database.connect(life);
  const records = { events: createEventsRecords(own), account: createAccountRecords(own) };
  let isOver = false;
  const store = createReconciliationStore(own);
  const report = compareRecords({ store, records, names: everybody, world: life.world }).finally(() => {
    isOver = true;
  });
  await world.run(() => isOver, settledWithinMs);
  for (const { kind, words } of (await report).findings) history.blame(`reconciliation: ${kind}: ${words}`);
  life.end();
}

/** Lets time pass until all clients are answered, all messages have arrived, and no work is left. */
async function settle(ground: Ground, { roughMs }: Scenario, clients: Clients): Promise<void> {
  const { world, history, network, database } = ground;
  let isSettled = false;
  const look = async () => {
    if (clients.waiting === 0 && network.underWay === 0) isSettled = (await database.look(countUnsettled)) === 0;
    world.later(lookEveryMs, () => void look());
  };
  world.later(roughMs, () => void look());
  await world.run(() => isSettled, roughMs + settledWithinMs);
  if (isSettled) return;
  history.blame(`not settled ${settledWithinMs / 1_000} s after the last fault: ${clients.waiting} clients still wait`);
}
