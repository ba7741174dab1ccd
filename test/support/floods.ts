import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { connect, type Socket } from 'node:net';

/** An attacker with its own address. On Linux all of 127.0.0.0/8 is this machine. */
export class Attacker {
  readonly #target: URL;
  readonly #from: string;
  readonly #sockets: Socket[] = [];
  readonly #requests: ClientRequest[] = [];

  constructor(target: string, from: string) {
    this.#target = new URL(target);
    this.#from = from;
  }

  /** Opens connections, sends the same bytes on each, and leaves the requests unfinished. */
  async hold(connections: number, bytes = ''): Promise<void> {
    const { hostname: host, port } = this.#target;
    const opened = Array.from({ length: connections }, () => {
      const socket = connect({ host, port: Number(port), localAddress: this.#from });
      // An attacker must expect to be disconnected.
      socket.on('error', () => {});
      // A socket that is not read would not notice the end of its connection.
      socket.resume();
      if (bytes !== '') socket.write(bytes);
      this.#sockets.push(socket);
      return Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
    });
    await Promise.all(opened);
  }

  /** Sends one more byte on each open connection. */
  drip(): void {
    for (const socket of this.#sockets) if (socket.writable) socket.write('x');
  }

  /** The number of connections that the server has left open. */
  get held(): number {
    return this.#sockets.filter((socket) => socket.readyState === 'open').length;
  }

  /** Sends a request. @returns the status, or undefined if the connection broke. */
  async ask(method: string, path: string, body?: string, headers = {}): Promise<number | undefined> {
    const { hostname, port } = this.#target;
    const asked = request({ hostname, port, method, path, headers, localAddress: this.#from, agent: false });
    this.#requests.push(asked);
    asked.end(body);
    try {
      const [response] = await once(asked, 'response');
      response.resume();
      return response.statusCode;
    } catch {
      return undefined;
    }
  }

  stop(): void {
    for (const each of [...this.#sockets, ...this.#requests]) each.destroy();
  }
}
