import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Step } from './story.ts';

/** Nobody listens at the address, or whoever does breaks off. The message is one line. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Longer than any Startlist lets a booking wait before it answers. */
const patienceMs = 70_000;

/**
 * Sends what curl sends for the same words: of a body it says that it is a form, and of itself hardly anything.
 * @throws Unreachable when there is no answer.
 */
export function curl(address: string, { method, path, body }: Omit<Step, 'status'>, cookie?: string): Promise<Answer> {
  const request = address.startsWith('https:') ? requestHttps : requestHttp;
  const headers = {
    accept: '*/*',
    ...(cookie !== undefined && { cookie }),
    ...(body !== undefined && {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
    }),
  };
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'ECONNREFUSED' ? 'connection refused' : cause.message || cause.code;
      reject(new Unreachable(`${address} gives no answer: ${reason}`, { cause }));
    };
    const sent = request(address + path, { method, headers, timeout: patienceMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on('error', fail);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', fail);
    sent.on('timeout', () => sent.destroy(new Error(`not within ${patienceMs / 1_000} s`)));
    sent.end(body);
  });
}
