import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { type Service, services } from '../../contracts/services.ts';
import type { Sql } from '../../platform/database/database.ts';
import type { Chance } from '../support/chance.ts';
import type { PostgresServer } from '../support/databases/postgres.ts';
import type { TcpProxy } from '../support/proxy.ts';
import type { Fleet, Replica } from './fleet.ts';

/** The kinds of faults, and how often each occurs in a round. */
const round = {
  'kill -9 of a process': 6,
  'SIGSTOP of a process for 5 s': 2,
  'PostgreSQL restarted in immediate mode': 1,
  'connections from book to a participant cut': 3,
  'connections of a service to its database cut': 2,
  'connections of clients to book cut': 2,
} as const;
export type FaultKind = keyof typeof round;
export const faultKinds = Object.keys(round) as FaultKind[];

/** The targets of the faults. */
export interface Battlefield {
  readonly fleet: Fleet;
  readonly server: PostgresServer;
  /** The proxies between each service and its database. */
  readonly databases: Readonly<Record<Service, TcpProxy>>;
  /** A connection to the tables that no fault cuts. */
  readonly sql: Sql;
}

/** An attempt to cause a fault. It counts only if bookings were open during the fault. */
export interface Fault {
  readonly kind: FaultKind;
  readonly what: string;
  /** When the fault began, in milliseconds since the first. */
  readonly atMs: number;
  /** The number of bookings that were open before and after the fault, and therefore during it. */
  readonly open: number;
}

/** A fault that has begun. */
interface Blow {
  readonly what: string;
  /** Carries out the rest of the fault; absent if nothing is left to do. */
  goOn?(): Promise<void>;
}

const freezeS = 5;

/** Causes random faults one after another, and repairs each of them. */
export class Faults {
  readonly history: Fault[] = [];
  readonly #field: Battlefield;
  readonly #chance: Chance;
  readonly #underWay = new Set<Promise<unknown>>();
  #bag: FaultKind[] = [];

  constructor(field: Battlefield, chance: Chance) {
    this.#field = field;
    this.#chance = chance;
  }

  /**
   * Causes faults for `seconds`. If `isEnough` is then still false, as on a slow machine, continues for up to a minute.
   * Resolves when the last fault is repaired.
   */
  async rage(seconds: number, isEnough: () => boolean): Promise<void> {
    const beganMs = performance.now();
    const isOver = (ms: number) => performance.now() > beganMs + ms;
    while (!isOver(seconds * 1_000) || !(isEnough() || isOver((seconds + 60) * 1_000))) {
      await this.#strike(this.#draw(), beganMs);
      await pause(this.#chance.whole(300, 1_300));
    }
    await Promise.all(this.#underWay);
  }

  /** The number of faults of a kind during which a booking was open. */
  counted(kind: FaultKind): number {
    return this.history.filter((fault) => fault.kind === kind && fault.open > 0).length;
  }

  /** Draws the next kind from what is left of the round, so that every kind occurs. */
  #draw(): FaultKind {
    if (this.#bag.length === 0) {
      this.#bag = this.#chance.shuffled(faultKinds.flatMap((kind) => Array<FaultKind>(round[kind]).fill(kind)));
    }
    return this.#bag.pop() as FaultKind;
  }

  async #strike(kind: FaultKind, beganMs: number): Promise<void> {
    const before = await this.#openBookings();
    const atMs = Math.round(performance.now() - beganMs);
    const { what, goOn } = (await this.#break(kind)) ?? { what: 'nothing' };
    const open = what === 'nothing' ? 0 : await this.#stillOpen(before);
    this.history.push({ kind, what, atMs, open });
    await goOn?.();
  }

  /** Returns the ids of the open bookings. If there are none, waits about a second for one. */
  async #openBookings(): Promise<number[]> {
    for (let tries = 0; tries < 200; tries += 1) {
      const rows = await this.#field.sql.query<{ id: number }>('select id from book.booking where due_at is not null');
      if (rows.length > 0) return rows.map(({ id }) => id);
      await pause(5);
    }
    return [];
  }

  async #stillOpen(ids: readonly number[]): Promise<number> {
    const rows = await this.#field.sql.query(
      'select id from book.booking where due_at is not null and id = any($1::bigint[])',
      [ids],
    );
    return rows.length;
  }

  /** Begins a fault. @returns undefined if the fault had no target. */
  async #break(kind: FaultKind): Promise<Blow | undefined> {
    const { fleet, databases } = this.#field;
    switch (kind) {
      case 'kill -9 of a process':
        return this.#kill();
      case 'SIGSTOP of a process for 5 s':
        return this.#freeze();
      case 'PostgreSQL restarted in immediate mode':
        await this.#field.server.restart('immediate');
        return { what: 'PostgreSQL' };
      case 'connections from book to a participant cut': {
        const participant = this.#chance.one(['events', 'account'] as const);
        return this.#cut(`book to ${participant}`, fleet.internal[participant]);
      }
      case 'connections of a service to its database cut': {
        const service = this.#chance.one(services);
        return this.#cut(`${service} to its database`, databases[service]);
      }
      case 'connections of clients to book cut':
        return this.#cut('clients to book', fleet.public.book);
    }
  }

  #kill(): Blow | undefined {
    const replica = this.#victim();
    if (replica === undefined) return undefined;
    replica.kill();
    return { what: replica.name };
  }

  #freeze(): Blow | undefined {
    const replica = this.#victim();
    const pid = replica?.pid;
    if (replica === undefined || pid === undefined) return undefined;
    // A separate process sends SIGCONT, so that the replica continues even if the test has ended by then.
    const waking = spawn('sh', ['-c', 'sleep "$2"; kill -CONT "$1"', 'wake', String(pid), String(freezeS)], {
      stdio: 'ignore',
    });
    replica.isFrozen = true;
    process.kill(pid, 'SIGSTOP');
    this.#goOn(
      new Promise<void>((resolve) => {
        waking.on('close', () => {
          replica.isFrozen = false;
          resolve();
        });
      }),
    );
    return { what: replica.name };
  }

  /** A random replica that accepts requests; undefined if there is none. */
  #victim(): Replica | undefined {
    const running = this.#field.fleet.replicas.filter(({ ports, isFrozen }) => ports !== undefined && !isFrozen);
    return running.length === 0 ? undefined : this.#chance.one(running);
  }

  /**
   * Cuts the connections of a proxy in one of three ways: immediately; immediately, and refuses new ones for a moment;
   * or after a moment without data.
   */
  #cut(what: string, proxy: TcpProxy): Blow | undefined {
    const way = this.#chance.one(['at once', 'with no new ones', 'after silence'] as const);
    const forMs = this.#chance.whole(100, 1_000);
    const blow = { what: `${what}: ${proxy.open} connections, ${way}` };
    if (proxy.open === 0) return undefined;
    if (way === 'after silence') {
      proxy.stall(true);
      const goOn = async () => {
        await pause(forMs);
        proxy.cut();
        proxy.stall(false);
      };
      return { ...blow, goOn };
    }
    proxy.cut();
    if (way === 'with no new ones') {
      proxy.refuse(true);
      this.#goOn(pause(forMs).then(() => proxy.refuse(false)));
    }
    return blow;
  }

  #goOn(work: Promise<unknown>): void {
    const known = work.finally(() => this.#underWay.delete(known));
    this.#underWay.add(known);
  }
}
