import { makeValidator, str } from 'envalid';
import { Value } from 'typebox/value';
import { NewPassword, shortestPassword } from '../contracts/auth.ts';
import { demoSpec, readEnvironment, WrongConfiguration } from '../kit/config.ts';
import { isCommonPassword } from './common-passwords.ts';
import { demoPeople } from './demo-people.ts';

/** @returns what is wrong with a password for the admin; nothing when it is good. */
export function adminPasswordFault(password: string): string | undefined {
  if (demoPeople.some((person) => person.password === password)) {
    return 'must not be a password of the demo, which everyone knows';
  }
  if (Value.Check(NewPassword, password) && !isCommonPassword(password)) return undefined;
  return `must have ${shortestPassword} to 200 characters, and be less common`;
}

/** The variable as it is read at the start, before a database is opened or made. In the demo nobody uses it. */
export function adminPasswordSpec(source: NodeJS.ProcessEnv) {
  return isDemo(source) ? str({ default: undefined }) : good({ default: undefined });
}

const good = makeValidator<string>((text) => {
  const fault = adminPasswordFault(text);
  if (fault === undefined) return text;
  // The text is kept out of the complaint: it is a secret.
  throw new Error(fault);
});

/** What is wrong with DEMO itself is complained of where all variables are read. */
function isDemo(source: NodeJS.ProcessEnv): boolean {
  try {
    return readEnvironment(source, { DEMO: demoSpec(source) }).DEMO;
  } catch (error) {
    if (error instanceof WrongConfiguration) return true;
    throw error;
  }
}
