import { timingSafeEqual } from 'node:crypto';
import { makeValidator } from 'envalid';

/** Whoever reaches an internal port may try as many as they like. */
const shortestToken = 16;

/**
 * The secret that the services share, or several, divided by commas: the first is sent, all are accepted. So it can be
 * changed while everything runs: `old`, then everywhere `old,new`, then everywhere `new,old`, and at last `new`.
 */
export const serviceToken = makeValidator<string>((text) => {
  const tokens = tokensIn(text);
  const areVisible = tokens.every((token) => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(token));
  if (areVisible && tokens.every(({ length }) => length >= shortestToken)) return text;
  // The text is kept out of the complaint: it is a secret.
  throw new Error(
    `must be a secret of ${shortestToken} or more visible letters (openssl rand -hex 32), or several divided by commas`,
  );
});

const tokensIn = (text: string): string[] => text.split(',').map((token) => token.trim());

/** The token that a service sends. */
export const sentToken = (serviceToken: string): string => tokensIn(serviceToken)[0] ?? '';

/** Says whether a header `Authorization` has one of the tokens, in a time that tells their lengths at most. */
export function tokenCheck(serviceToken: string): (authorization: string | undefined) => boolean {
  const accepted = tokensIn(serviceToken).map((token) => Buffer.from(`Bearer ${token}`));
  return (authorization = '') => {
    const given = Buffer.from(authorization);
    // All are compared, so that the time does not tell which of them it was.
    return accepted.map((each) => given.length === each.length && timingSafeEqual(given, each)).includes(true);
  };
}
