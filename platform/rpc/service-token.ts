import { timingSafeEqual } from 'node:crypto';
import { makeValidator } from 'envalid';

/** The minimum length of a token. A short one could be guessed: the number of attempts is not limited. */
const minTokenLength = 16;

/**
 * The secret that the services share, or several secrets separated by commas: the first one is sent, all are accepted.
 * To rotate the secret without downtime, set `old,new` everywhere, then `new,old`, then `new`.
 */
export const serviceToken = makeValidator<string>((text) => {
  const tokens = tokensIn(text);
  const areVisible = tokens.every((token) => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(token));
  if (areVisible && tokens.every(({ length }) => length >= minTokenLength)) return text;
  // The message must not contain the secret.
  throw new Error(
    `must be a secret of ${minTokenLength} or more printable ASCII characters (openssl rand -hex 32), or several separated by commas`,
  );
});

const tokensIn = (text: string): string[] => text.split(',').map((token) => token.trim());

/** The token that a service sends. */
export const sentToken = (serviceToken: string): string => tokensIn(serviceToken)[0] ?? '';

/** Returns a check of the header `Authorization`. The duration of the check reveals at most the length of a token. */
export function tokenCheck(serviceToken: string): (authorization: string | undefined) => boolean {
  const accepted = tokensIn(serviceToken).map((token) => Buffer.from(`Bearer ${token}`));
  return (authorization = '') => {
    const given = Buffer.from(authorization);
    // Compares all tokens, so that the duration does not reveal which one matched.
    return accepted.map((each) => given.length === each.length && timingSafeEqual(given, each)).includes(true);
  };
}
