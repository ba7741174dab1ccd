import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './databases/postgres.ts';

/** A TCP proxy between a client and a server. Its connections can be cut or silenced at any moment. */
export class Wire {
  readonly url: string;
  readonly #pairs: [Socket, Socket][] = [];
  readonly #server;
  /** Called with the data of the client right after it was forwarded. */
  onSend: (text: string) => void = () => {};

  private constructor(target: URL, port: number) {
    const through = new URL(target);
    through.host = `127.0.0.1:${port}`;
    this.url = through.href;
    this.#server = createServer((client) => {
      const server = connect(Number(target.port || 5432), target.hostname);
      this.#pairs.push([client, server]);
      for (const socket of [client, server]) socket.on('error', () => {});
      client.on('data', (bytes) => {
        server.write(bytes);
        this.onSend(bytes.toString('latin1'));
      });
      server.on('data', (bytes) => client.write(bytes));
      client.on('close', () => server.destroy());
      server.on('close', () => client.destroy());
    }).listen(port, '127.0.0.1');
  }

  static async to(url: string): Promise<Wire> {
    const wire = new Wire(new URL(url), await freePort());
    await once(wire.#server, 'listening');
    return wire;
  }

  /** Holds back all data without closing a connection, as when a machine loses power. */
  silence(): void {
    for (const [client, server] of this.#pairs) {
      client.pause();
      server.pause();
    }
  }

  cut(): void {
    for (const socket of this.#pairs.splice(0).flat()) socket.destroy();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }
}
