import type { ComponentChildren } from 'preact';

type Head = string | { readonly text: string; readonly isNumber: boolean };

interface TableProps {
  readonly label: string;
  readonly head: readonly Head[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}

/** A table that scrolls sideways on narrow screens. */
export function Table({ label, head, rows }: TableProps) {
  const isNumber = (column: number) => {
    const each = head[column];
    return typeof each === 'object' && each.isNumber;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls by keyboard.
    <section class="scroll" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((each, column) => {
              const text = typeof each === 'string' ? each : each.text;
              return (
                <th key={text} scope="col" class={isNumber(column) ? 'end' : ''}>
                  {text}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) => (
                <td key={column} class={isNumber(column) ? 'end nowrap' : ''}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
