import { must, Refused, startlist, Unreachable } from './client.ts';

/*
 * Signing up and changing the password take no idempotency key, because no answer with a secret is stored. When the
 * answer to the first try was lost, the second one may be refused just because the first was carried out. Signing in with
 * the password shows whether it was.
 */

export interface SignUp {
  readonly login: string;
  readonly password: string;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
}

/** The tries that may have been carried out, on this page. Passwords are kept in memory only. */
const tried = new Set<string>();

/** Registers a person, and signs them in. */
export async function signUp(body: SignUp): Promise<void> {
  const { login, password } = body;
  await repeat(['sign-up', login, password], 'login_taken', {
    write: () => must(startlist.POST('/register', { body })),
    prove: () => signIn(login, password),
  });
}

export const signIn = (login: string, password: string) =>
  must(startlist.POST('/login', { body: { login, password } }));

export async function changePassword(login: string, old_password: string, new_password: string): Promise<void> {
  const body = { old_password, new_password };
  await repeat(['password', login, old_password, new_password], 'wrong_password', {
    write: () => must(startlist.POST('/auth/password', { body })),
    prove: async (isRepeated) => isRepeated && signIn(login, new_password),
  });
}

interface Steps {
  readonly write: () => Promise<unknown>;
  /** Shows that the write was carried out, by this try or an earlier one. @throws Refused with 401 if it was not. */
  readonly prove: (isRepeated: boolean) => Promise<unknown>;
}

/** @param reason why a repeat is refused when the first try was carried out. */
async function repeat(content: readonly string[], reason: string, { write, prove }: Steps): Promise<void> {
  const name = JSON.stringify(content);
  const refusal = await write().then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Unreachable) tried.add(name);
      const isExpected = error instanceof Refused && error.problem?.reason === reason;
      if (isExpected && tried.has(name)) return error;
      throw error;
    },
  );
  // From here on the write is known to be carried out, but a repeat must find out again when the proof is lost.
  if (refusal === undefined) tried.add(name);
  try {
    await prove(refusal !== undefined);
    tried.delete(name);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error;
    tried.delete(name);
    throw refusal ?? error;
  }
}
