/**
 * Checks the output of test processes: it must not contain a password, session or token that a test client sent or
 * received. The check is on in every test file that starts a process or sends a request, and fails the file at its end.
 */
const keys = new Set<string>();
const passwords = new Set<string>();
let output = '';

const keyForm = /\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|sl[tr]_[0-9a-f]{32})\b/g;
/**
 * Whether output must not contain this password. The demo prints its own passwords on purpose, and a short word may
 * occur in any output.
 */
const isTelling = (password: string) => password.length >= 9 && /\W/.test(password);

/** Records the secrets that a client received: session ids in cookies, tokens in bodies. */
export function noteKeysIn(...texts: readonly string[]): void {
  for (const text of texts) for (const [key] of text.matchAll(keyForm)) keys.add(key);
}

/** Records the passwords that a client sends. */
export function notePasswordsIn(body: unknown): void {
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return;
  for (const [name, value] of Object.entries(body)) {
    if (name.endsWith('password') && typeof value === 'string' && isTelling(value)) passwords.add(value);
  }
}

/** Records the output of a process. */
export function noteOutput(text: string): void {
  output += text;
}

/** The secrets found in a text, each shortened to a few characters. */
export function secretsIn(text: string): string[] {
  const found = [...text.matchAll(keyForm)].map(([key]) => key).filter((key) => keys.has(key) || key.startsWith('sl'));
  const typed = [...passwords].filter((password) => text.includes(password));
  const hashes = text.includes('$argon2') ? ['$argon2'] : [];
  return [...new Set([...found, ...typed, ...hashes])].map((secret) => `${secret.slice(0, 8)}…`);
}

process.on('exit', () => {
  const found = secretsIn(output);
  if (found.length === 0) return;
  console.error(`the processes of this test printed secrets: ${found.join(', ')}`);
  process.exitCode = 1;
});
