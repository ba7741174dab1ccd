const [quote, backslash, colon] = [34, 92, 58];

/**
 * Whether an object in a JSON text has a key twice. `JSON.parse` keeps the last and says nothing, another reader may
 * keep the first: whoever checks a request and whoever carries it out would see different ones.
 * Source: https://www.rfc-editor.org/rfc/rfc8259#section-4
 *
 * Outside of strings a colon stands once for each member that is written; so the text is no more than counted, and its
 * value, which must be the text's, walked.
 * @param value what `JSON.parse` made of the text.
 */
export function hasDoubleKeys(text: string, value: unknown): boolean {
  return membersWritten(text) !== membersKept(value);
}

function membersWritten(text: string): number {
  let members = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) isInString = !isInString;
    else if (!isInString && code === colon) members += 1;
    else if (isInString && code === backslash) at += 1;
  }
  return members;
}

function membersKept(value: unknown): number {
  let members = 0;
  // Not by recursion: a body may be nested deeper than the stack.
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const values = Object.values(next);
    if (!Array.isArray(next)) members += values.length;
    for (const each of values) if (typeof each === 'object') open.push(each);
  }
  return members;
}
