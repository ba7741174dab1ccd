import type { Saga, State } from './table.ts';

/**
 * Draws a saga as a Mermaid state diagram (https://mermaid.js.org/syntax/stateDiagram.html), each transition on its own
 * line, without a final line break.
 */
export function stateDiagram<Name extends string>(saga: Saga<Name>): string {
  const arrows = saga.states.flatMap((name) => arrowsFrom(name, saga.table[name]));
  const settled = saga.states.filter((name) => !saga.open.includes(name));
  return [
    'stateDiagram-v2',
    ...[`[*] --> ${saga.first}`, ...arrows, ...settled.map((name) => `${name} --> [*]`)].map((line) => `    ${line}`),
  ].join('\n');
}

function arrowsFrom(name: string, { action, accepted, refused, cancel }: State): string[] {
  const arrows: string[] = [];
  if (accepted !== undefined) arrows.push(`${name} --> ${accepted}: ${action} accepted`);
  if (refused !== undefined && refused !== 'never') arrows.push(`${name} --> ${refused}: ${action} refused`);
  if (cancel !== undefined) arrows.push(`${name} --> ${cancel}: cancel`);
  return arrows;
}

/** Formats a saga's table as Markdown with aligned columns: one row for each state, in the order of the table. */
export function stateTable<Name extends string>(saga: Saga<Name>): string {
  const head = ['state', 'number', 'action', 'accepted →', 'refused →', 'cancel →'];
  const rows = saga.states.map((name) => {
    const { number, action, accepted, refused, cancel } = saga.table[name];
    return [name, String(number), action, accepted, refused, cancel].map((cell) => cell ?? '');
  });
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
