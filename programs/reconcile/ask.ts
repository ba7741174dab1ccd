import type { ReconciliationProgress } from '../../contracts/book/reconciliation.ts';
import {
  progressType,
  type ReconciliationLine,
  type ReconciliationReport,
} from '../../contracts/book/reconciliation.ts';

/** The error when there is no report: no response, a wrong password, a failed run. The message is one line. */
export class NoReport extends Error {
  override name = 'NoReport';
}

/** The request for a report. */
export interface Question {
  /** The base URL. */
  readonly address: string;
  readonly password: string;
  readonly mend: boolean;
  /** Called about every second. */
  readonly onProgress: (progress: ReconciliationProgress) => void;
}

/**
 * Signs in as `admin` and requests a comparison or a repair.
 * @throws NoReport when the report does not arrive.
 */
export async function askForReport({ address, password, mend, onProgress }: Question): Promise<ReconciliationReport> {
  const cookie = await signIn(address, password);
  const [method, path] = mend ? ['POST', '/book/reconciliation/mend'] : ['GET', '/book/reconciliation'];
  const response = await send(address, path, { method, headers: { cookie, accept: progressType } });
  if (!response.ok || response.body === null) throw await refusalOf(address, response);
  for await (const line of linesOf(address, response.body)) {
    if (line.state === 'done') return line.report;
    if (line.state === 'failed') throw new NoReport(`${address} could not finish: ${line.detail}`);
    onProgress(line.progress);
  }
  throw new NoReport(`${address} closed the connection before the report was complete`);
}

async function signIn(address: string, password: string): Promise<string> {
  const body = JSON.stringify({ login: 'admin', password });
  const response = await send(address, '/login', { method: 'POST', body });
  if (response.status === 401) throw new NoReport(`${address} refused the password of admin`);
  const [cookie] = (response.headers.getSetCookie()[0] ?? '').split(';');
  if (!response.ok || !cookie) throw await refusalOf(address, response);
  return cookie;
}

async function send(address: string, path: string, init: RequestInit): Promise<Response> {
  return fetch(address + path, init).catch((error) => {
    throw unreachable(address, error);
  });
}

/** `fetch` puts the socket's error into the `cause` of its own error. */
function unreachable(address: string, error: unknown): NoReport {
  const cause = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  const reason = cause.code === 'ECONNREFUSED' ? 'connection refused' : cause.message || String(cause.code);
  // `fetch` blocks the ports of other protocols (https://fetch.spec.whatwg.org/#port-blocking).
  if (reason === 'bad port') return new NoReport(`${address} cannot be used: fetch blocks this port`);
  return new NoReport(`${address} does not respond: ${reason}`, { cause: error });
}

async function refusalOf(address: string, response: Response): Promise<NoReport> {
  const text = await response.text().catch(() => '');
  const { detail } = parse(text) as { detail?: string };
  return new NoReport(`${address} responded ${response.status}: ${detail ?? 'not a Startlist server'}`);
}

async function* linesOf(address: string, body: ReadableStream<Uint8Array>): AsyncGenerator<ReconciliationLine> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield parse(line) as unknown as ReconciliationLine;
    }
  } catch (error) {
    throw unreachable(address, error);
  }
}

/** Parses a JSON object. @returns an empty object for any other text. */
function parse(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
