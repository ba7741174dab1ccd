import { isDeepStrictEqual } from 'node:util';
import { createClient, must, type StartlistClient } from '../../openapi/client/client.ts';
import { type Answer, curl } from './curl.ts';
import { dearPriceFor, Numbers } from './numbers.ts';
import { Page } from './page.ts';
import { read } from './reader.ts';
import { type Chapter, type Step, signIn, story } from './story.ts';

/** The error when the server is not Startlist, or runs without the demo. The message is one line. */
export class CanNotPlay extends Error {
  override name = 'CanNotPlay';
}

/**
 * Replays the session of Startlist's first description.
 *
 * @param address of a Startlist with DEMO=true, without a slash at its end.
 * @param isEmpty whether its database is known to be empty. Then answers must match the description byte for byte;
 * otherwise its ids and balances are first adapted to the database.
 * @returns the number of wrong answers.
 * @throws Unreachable when the server does not answer; CanNotPlay when the session cannot begin.
 */
export async function play(address: string, isEmpty: boolean, write: (text: string) => void): Promise<number> {
  const page = new Page(address, write);
  const where = isEmpty ? `against a new one at ${address}, on an empty database` : `at ${address}`;
  const cookie = await takeCookie(address, page, `The first session of Startlist, replayed ${where}`);
  const startlist = clientWith(address, cookie);
  if (isEmpty) return playChapters(story(), { address, cookie, startlist, page });

  const before = await readState(address, startlist);
  page.note(
    `This database may be in use, so ids and balances are adapted to it. You are person ${before.personId}, with a ` +
      `balance of ${before.balance} before the session.`,
  );
  const numbers = new Numbers(before);
  return playChapters(story(dearPriceFor(before.balance)), { address, cookie, startlist, page, numbers });
}

interface Session {
  readonly address: string;
  readonly cookie: string;
  /** Repeats the reads of the session with the typed client. */
  readonly startlist: StartlistClient;
  readonly page: Page;
  readonly numbers?: Numbers;
}

async function playChapters(chapters: readonly Chapter[], session: Session): Promise<number> {
  const { page, numbers } = session;
  // The sign-in cookie is the first checked answer.
  let checked = 1;
  let wrong = 0;
  for (const { title, note, steps } of chapters) {
    page.heading(title);
    if (note !== undefined) page.note(note);
    for (const step of steps) {
      const isRight = await take(step, session);
      if (step.answer !== undefined) checked += 1;
      if (isRight) continue;
      wrong += 1;
      // A failed creation shifts all later ids, so the following differences would be misleading.
      if (step.answer === undefined) {
        page.end(checked, wrong, numbers !== undefined);
        return wrong;
      }
    }
  }
  page.end(checked, wrong, numbers !== undefined);
  return wrong;
}

async function take(described: Step, { address, cookie, startlist, page, numbers }: Session): Promise<boolean> {
  const step = numbers?.adjust(described) ?? described;
  page.command(step, true);
  const { status, body } = await curl(address, step, cookie);
  if (status !== step.status) {
    page.wrong(`expected status ${step.status}, got ${status}`, body.toString());
    return false;
  }
  if (step.answer === undefined) {
    const hasId = numbers?.note(described, body.toString()) ?? true;
    if (hasId) page.answer(body.toString());
    else page.wrong('expected an answer that begins with an id', body.toString());
    return hasId;
  }
  const expected = Buffer.from(step.answer);
  if (!expected.equals(body)) {
    page.different(expected, body);
    return false;
  }
  page.same(body.toString());
  const isReadAlike = isDeepStrictEqual(await read(startlist, step.path), JSON.parse(step.answer));
  if (!isReadAlike) page.wrong('the typed client reads a different answer', '');
  return isReadAlike;
}

/** The description shows a UUID in a cookie of this name; the UUID itself is random. */
const sessionCookie = /^session_id=[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=;|$)/;

/** Signs in. Prints nothing until the sign-in has succeeded. */
async function takeCookie(address: string, page: Page, title: string): Promise<string> {
  const answer = await curl(address, signIn);
  if (answer.status === 401) {
    throw new CanNotPlay(`${address} does not know admin with the demo's password: the walk needs DEMO=true there`);
  }
  const [cookie] = (answer.headers['set-cookie'] ?? []).flatMap((text) => sessionCookie.exec(text)?.[0] ?? []);
  if (answer.status !== signIn.status || cookie === undefined) throw unlike(address, signIn, answer);
  page.title(title);
  page.heading('Sign in');
  page.command(signIn, false);
  page.answer(answer.body.toString());
  page.same(`cookie=${cookie}`);
  return cookie;
}

/** Creates the typed client with the session cookie that curl received. */
function clientWith(address: string, cookie: string): StartlistClient {
  const send = (request: Request) => {
    request.headers.set('cookie', cookie);
    return fetch(request);
  };
  return createClient({ address, fetch: send });
}

/** Reads the person's id and balance before the session. */
async function readState(address: string, startlist: StartlistClient): Promise<{ personId: number; balance: number }> {
  const { response } = await startlist.GET('/auth');
  const personId = Number(response.headers.get('x-user-id') ?? undefined);
  if (!Number.isSafeInteger(personId)) throw unlike(address, { method: 'GET', path: '/auth' }, response);
  const { balance } = await must(startlist.GET('/account/get'));
  return { personId, balance };
}

function unlike(
  address: string,
  { method, path }: Pick<Step, 'method' | 'path'>,
  { status }: Pick<Answer, 'status'>,
): CanNotPlay {
  return new CanNotPlay(`${address} does not answer like a Startlist: ${method} ${path} gave ${status}`);
}
