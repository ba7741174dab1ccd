/** What stands in the fields of a form that is being submitted, as text without blanks around it. */
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
