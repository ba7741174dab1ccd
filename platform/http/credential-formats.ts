/**
 * The formats of credentials. A session id is a UUID. An API token has a prefix by which secret scanners recognize it.
 * A value in neither format is rejected without a query.
 */

const sessionId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const token = /^slt_[0-9a-f]{32}$/;

export const isSessionId = (credential: string) => sessionId.test(credential);

export const isToken = (credential: string) => token.test(credential);

/** Formats 32 hexadecimal digits as an API token. */
export const tokenOf = (digits: string) => `slt_${digits}`;
