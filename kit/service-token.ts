import { timingSafeEqual } from 'node:crypto';
import { makeValidator } from 'envalid';

/**
 * The secret that the services share, or several, divided by commas: the first is sent, all are accepted. So it can be
 * changed while everything runs: `old`, then everywhere `old,new`, then everywhere `new,old`, and at last `new`.
 */
export const serviceToken = makeValidator<string>((text) => {
  if (tokensIn(text).every((token) => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(token))) return text;
  // The text is kept out of the complaint: it is a secret.
  throw new Error('must be a secret of visible letters, or several divided by commas');
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
