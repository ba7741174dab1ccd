import { makeValidator, str } from 'envalid';
import { Value } from 'typebox/value';
import { NewPassword, shortestPassword } from '../../contracts/auth/sign-in.ts';
import { demoSpec, readEnvironment, WrongConfiguration } from '../../platform/config.ts';
import { isCommonPassword } from '../passwords/common-passwords.ts';
import { demoPeople } from './demo-people.ts';

const ofTheDemo = 'must not be one of the demo’s passwords, which are published';
const isOfTheDemo = (password: string) => demoPeople.some((person) => person.password === password);

/** @throws WrongConfiguration when a password is too weak for the admin. */
export function requireGoodPassword(password: string): void {
  if (isOfTheDemo(password)) throw new WrongConfiguration(`ADMIN_PASSWORD: ${ofTheDemo}`);
  if (Value.Check(NewPassword, password) && !isCommonPassword(password)) return;
  throw new WrongConfiguration(`ADMIN_PASSWORD: must have ${shortestPassword} to 200 characters and be less common`);
}

/**
 * How ADMIN_PASSWORD is read at each start. Its strength is checked only where it is used, for a new database. The demo
 * ignores it.
 */
export function adminPasswordSpec(source: NodeJS.ProcessEnv) {
  return isDemo(source) ? str({ default: undefined }) : notOfTheDemo({ default: undefined });
}

const notOfTheDemo = makeValidator<string>((text) => {
  // The value is a secret: it is not part of the message.
  if (isOfTheDemo(text)) throw new Error(ofTheDemo);
  return text;
});

/** Whether DEMO is on. True for an invalid value, which is reported where all variables are read. */
function isDemo(source: NodeJS.ProcessEnv): boolean {
  try {
    return readEnvironment(source, { DEMO: demoSpec(source) }).DEMO;
  } catch (error) {
    if (error instanceof WrongConfiguration) return true;
    throw error;
  }
}
