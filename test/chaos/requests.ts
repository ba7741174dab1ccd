import type { Answer, Client, Person } from '../support/system.ts';

/** Sends a request. @returns undefined if the connection broke before the answer was complete. */
export async function ask(
  client: Client,
  method: string,
  path: string,
  { cookie }: Person,
  body?: object,
  headers = {},
): Promise<Answer | undefined> {
  try {
    return await client.ask(method, path, { cookie, headers, ...(body && { body }) });
  } catch {
    return undefined;
  }
}
