import { dictionary } from '@zxcvbn-ts/language-common';
import { shortestPassword } from '../../contracts/auth/calls.ts';

/** The most common passwords, in lower case: 18,000 of those that are long enough to be taken at all. */
const common = new Set(dictionary['passwords-common'].filter((word) => word.length >= shortestPassword));

/** Whether a password is among the first that anybody tries. */
export function isCommonPassword(password: string): boolean {
  return common.has(password.toLowerCase());
}
