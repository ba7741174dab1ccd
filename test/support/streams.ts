import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';

/** An event as a viewer receives it. */
export interface Received<Data> {
  readonly event: string;
  readonly data: Data;
}

/** A stream of server-sent events, read over plain HTTP as a browser reads it. */
export class Viewer<Data> {
  readonly events: Received<Data>[] = [];
  /** The last id received, which a browser sends as `Last-Event-ID` when it reconnects. */
  lastEventId = '';
  /** Whether the server ended the stream, rather than the connection breaking. */
  isEnded = false;
  status = 0;
  headers: IncomingMessage['headers'] = {};
  readonly #asked: ClientRequest;
  readonly #waiting = new Set<() => void>();
  #rest = '';

  private constructor(asked: ClientRequest) {
    this.#asked = asked;
  }

  static async open<Data>(
    address: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Viewer<Data>> {
    const asked = request(new URL(path, address), { agent: false, headers });
    asked.end();
    const viewer = new Viewer<Data>(asked);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    viewer.status = response.statusCode ?? 0;
    viewer.headers = response.headers;
    response.setEncoding('utf8');
    response.on('data', (text: string) => viewer.#read(text));
    response.on('error', () => {});
    asked.on('error', () => {});
    response.on('end', () => {
      viewer.isEnded = true;
      viewer.#tell();
    });
    return viewer;
  }

  get last(): Received<Data> | undefined {
    return this.events.at(-1);
  }

  /** Resolves when the received events meet a condition. @throws after `withinMs`. */
  async until(isSo: (viewer: this) => boolean, withinMs = 90_000): Promise<void> {
    const endMs = performance.now() + withinMs;
    while (!isSo(this)) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0)
        throw new Error(
          `the condition was not met in ${withinMs} ms; last events: ${JSON.stringify(this.events.slice(-3))}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(go, leftMs);
        const { clearTimeout: clear } = globalThis;
        this.#waiting.add(go);
        function go() {
          clear(timer);
          resolve();
        }
      });
    }
  }

  close(): void {
    this.#asked.destroy();
  }

  #read(text: string): void {
    this.#rest += text;
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      const data = fields.get('data');
      this.lastEventId = fields.get('id') ?? this.lastEventId;
      if (data === undefined) continue;
      this.events.push({ event: fields.get('event') ?? '', data: JSON.parse(data) });
    }
    this.#tell();
  }

  #tell(): void {
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }
}
