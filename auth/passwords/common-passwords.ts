import { dictionary } from '@zxcvbn-ts/language-common';
import { shortestPassword } from '../../contracts/auth/sign-in.ts';

/** The most common passwords, in lower case: the 18,000 of them that have the required length. */
const common = new Set(dictionary['passwords-common'].filter((word) => word.length >= shortestPassword));

export function isCommonPassword(password: string): boolean {
  return common.has(password.toLowerCase());
}
