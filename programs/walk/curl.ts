import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Step } from './story.ts';

/** The error when the connection was refused or lost. The message is one line. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The time limit of a request, in milliseconds. Longer than the largest BOOK_WAIT_MS. */
const patienceMs = 70_000;

/**
 * Sends the request that curl would send: a body has the content type of a form, and there are few other headers.
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
      reject(new Unreachable(`${address} does not answer: ${reason}`, { cause }));
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
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${patienceMs / 1_000} s`)));
    sent.end(body);
  });
}
