import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A connection through a proxy: the caller's end and the target's. */
interface Way {
  readonly caller: Socket;
  readonly target: Socket;
}

/** The time limit for a target to accept a connection before the next is tried, in milliseconds. */
const acceptWithinMs = 1_000;

/**
 * A TCP proxy on 127.0.0.1 between processes of a test. Each new connection goes to the next target that accepts it;
 * targets that do not accept it are skipped. The proxy can break connections and hold back data, as a network does.
 */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #ways = new Set<Way>();
  readonly #waiting = new Set<Socket>();
  #targets: readonly number[];
  #next = 0;
  #isRefusing = false;
  #isStalled = false;

  private constructor(server: Server, targets: readonly number[]) {
    this.#server = server;
    this.#targets = targets;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (caller: Socket) => void this.#lead(caller));
  }

  /** Opens a proxy to targets, which are ports on 127.0.0.1. */
  static async open(targets: readonly number[] = []): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true, noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, targets);
  }

  /** Changes the targets of new connections. Open connections stay. */
  aim(targets: readonly number[]): void {
    this.#targets = targets;
  }

  /** The number of open connections. */
  get open(): number {
    return this.#ways.size;
  }

  /** Breaks all connections in both directions at once. */
  cut(): void {
    for (const { caller, target } of this.#ways) {
      reset(caller);
      reset(target);
    }
  }

  /** Sets whether new connections are broken as soon as they are made. */
  refuse(isRefusing: boolean): void {
    this.#isRefusing = isRefusing;
  }

  /** Sets whether data is held back, in both directions. No data is lost, and no connection closes. */
  stall(isStalled: boolean): void {
    this.#isStalled = isStalled;
    for (const { caller, target } of this.#ways) {
      for (const end of [caller, target]) isStalled ? end.pause() : end.resume();
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#isRefusing = true;
    this.cut();
    for (const caller of this.#waiting) reset(caller);
    await closed;
  }

  async #lead(caller: Socket): Promise<void> {
    this.#waiting.add(caller);
    caller.on('error', () => {});
    const target = await this.#connect();
    this.#waiting.delete(caller);
    if (target === undefined || caller.destroyed || this.#isRefusing) {
      target?.destroy();
      reset(caller);
      return;
    }
    const way = { caller, target };
    this.#ways.add(way);
    for (const [from, to] of [
      [caller, target],
      [target, caller],
    ] as const) {
      this.#pass(from, to);
      from.on('close', () => this.#ways.delete(way));
      if (!this.#isStalled) from.resume();
    }
  }

  /** Tries each target once, in rotation. */
  async #connect(): Promise<Socket | undefined> {
    if (this.#isRefusing) return undefined;
    const targets = this.#targets;
    const first = this.#next;
    this.#next += 1;
    for (let index = 0; index < targets.length; index += 1) {
      const target = await reach(targets[(first + index) % targets.length] as number);
      if (target !== undefined) return target;
    }
    return undefined;
  }

  /**
   * Forwards data no faster than the other end reads it. When this end is closed or reset, does the same to the other.
   */
  #pass(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (!to.write(bytes)) from.pause();
    });
    to.on('drain', () => {
      if (!this.#isStalled) from.resume();
    });
    from.on('end', () => to.end());
    from.on('error', () => reset(to));
    from.on('close', () => to.destroySoon());
  }
}

/**
 * Breaks a connection as a crash does. A connection that is being shut down is not reset, because the reset would fail
 * in libuv and leave a request behind: at its end the process would wait for this request forever, at full CPU.
 */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Resolves with a connection, or with undefined if no target accepts one. */
function reach(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const give = (result: Socket | undefined) => {
      socket.setTimeout(0);
      if (result === undefined) socket.destroy();
      resolve(result);
    };
    socket.setTimeout(acceptWithinMs, () => give(undefined));
    socket.once('error', () => give(undefined));
    socket.once('connect', () => {
      socket.pause();
      give(socket);
    });
    // The receiver of the connection adds its own error handler.
    socket.on('error', () => {});
  });
}
