import { readFileSync, writeFileSync } from 'node:fs';
import { bookingSaga } from '../../book/saga/table.ts';
import type { Route } from '../../contracts/http/route.ts';
import { publicRoutes } from '../../contracts/routes.ts';
import { takeNoArguments } from '../../platform/process/program.ts';
import { stateDiagram, stateTable } from '../../saga/diagram.ts';

/** The generated parts, by the name in their marker. */
const parts: Readonly<Record<string, string>> = {
  'saga diagram': `\`\`\`mermaid\n${stateDiagram(bookingSaga)}\n\`\`\``,
  'saga table': stateTable(bookingSaga),
  routes: routesTable(publicRoutes),
};

/** The public routes as a Markdown table. */
function routesTable(routes: readonly Route[]): string {
  const rows = routes.map(({ method, path, access, only, summary }) => {
    const who = access === 'anyone' ? 'anyone' : (only ?? 'signed in');
    return `| \`${method} ${path}\` | ${who} | ${summary} |`;
  });
  return ['| route | who | what it does |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The documents with generated parts. */
export const documents: readonly URL[] = ['README.md', 'ARCHITECTURE.md', 'docs/reference/routes.md'].map(
  (name) => new URL(`../../${name}`, import.meta.url),
);

/**
 * Replaces the text between each pair of markers with the generated part.
 * @throws Error when a marker names an unknown part or has no end marker.
 */
export function renew(text: string): string {
  const begin = /<!-- generated: ([^(]+?) \(npm run diagrams\) -->\n/g;
  const end = '<!-- end of what is generated -->';
  let renewed = '';
  let from = 0;
  for (const match of text.matchAll(begin)) {
    const part = parts[match[1] ?? ''];
    const to = text.indexOf(end, match.index);
    if (part === undefined || to < 0) throw new Error(`${match[0].trim()} names an unknown part, or has no end marker`);
    renewed += `${text.slice(from, match.index + match[0].length)}\n${part}\n\n`;
    from = to;
  }
  return renewed + text.slice(from);
}

if (import.meta.main) {
  takeNoArguments(
    'npm run diagrams',
    'Regenerates the saga in README.md and ARCHITECTURE.md, and the table of routes in docs/reference/routes.md.',
  );
  for (const document of documents) {
    const text = readFileSync(document, 'utf8');
    const renewed = renew(text);
    if (renewed !== text) writeFileSync(document, renewed);
  }
}
