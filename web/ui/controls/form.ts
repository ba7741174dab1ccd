/** The trimmed fields of a submitted form. Passwords are not trimmed. */
export function readForm<Name extends string>(
  event: SubmitEvent | (Event & { currentTarget: HTMLFormElement }),
  names: readonly Name[],
): Record<Name, string> {
  event.preventDefault();
  const form = new FormData(event.currentTarget as HTMLFormElement);
  const text = (name: Name) => String(form.get(name) ?? '');
  const entries = names.map((name) => [name, name.includes('password') ? text(name) : text(name).trim()] as const);
  return Object.fromEntries(entries) as Record<Name, string>;
}
