/**
 * What people show to be known by: a session's id is a UUID, an API token has a beginning by which those who look for
 * leaked secrets know it. Whatever looks like neither is not worth a question.
 */

const sessionId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const token = /^slt_[0-9a-f]{32}$/;

export const isSessionId = (key: string) => sessionId.test(key);

/** Whether a key is an API token, rather than a session's id. */
export const isToken = (key: string) => token.test(key);

/** The token that has these 32 hexadecimal digits. */
export const tokenOf = (digits: string) => `slt_${digits}`;
