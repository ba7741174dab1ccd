import type { Answer } from '../support/system.ts';
import type { Interface } from './document.ts';
import type { Asked } from './requests.ts';

/** Text that no error response may contain: source locations, raw errors and SQL. */
const leak = /\bat .*:\d+:\d+|\.ts\b|node_modules|node:internal|[Ee]rror:|\bselect\b.*\bfrom\b|\binsert into\b/;

/** The shortest path that may make the headers of a request too large: Node.js reads at most 16 KiB of them. */
const longPath = 8_000;

/** Checks a response against the document and the rules for all responses. @returns the fault, if any. */
export function faultOf(described: Interface, asked: Asked, { status, headers, text }: Answer): string | undefined {
  const { responses } = asked.operation;
  const type = String(headers['content-type'] ?? '').split(';')[0] ?? '';
  if (status >= 500 && status !== 503) return `${status} is a server error`;
  // A broken path segment may no longer match the operation's route.
  const isElsewhere = !asked.isAllowed && (status === 404 || status === 405);
  // The introduction of the document says this of all routes.
  const isTooLong = status === 431 && asked.path.length > longPath;
  const response = responses[status] ?? (isElsewhere || isTooLong ? responses[400] : undefined);
  if (response === undefined) return `${status} is not documented`;
  if (status < 400 && !asked.isAllowed) return `${status}, although the document does not allow the request`;
  if ((status === 503 || status === 429) && !/^\d+$/.test(headers['retry-after'] ?? ''))
    return `${status} without Retry-After`;
  if (response.content === undefined) return text === '' ? undefined : 'a body where none is documented';
  const schema = response.content[type]?.schema;
  if (schema === undefined) return `${status} as ${type || 'nothing'}, which is not documented`;
  if (status >= 400 && leak.test(text)) return 'the response contains text that it must not contain';
  if (!/json$/.test(type)) return undefined;
  const body = readJson(text);
  const errors = described.check('sent', schema, body);
  if (errors) return `${status} does not match its schema: ${JSON.stringify(errors[0])}`;
  if (status >= 400 && (body as { status?: number }).status !== status) return 'the problem names another status';
  return undefined;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
