import { Table } from '../../controls/table.tsx';
import { count, decimal } from '../../words/format.ts';
import { words } from '../../words/words.ts';

type PercentileName = 'p50' | 'p95' | 'p99' | 'max';

interface PercentilesTableProps {
  readonly label: string;
  readonly of: Readonly<Record<string, Readonly<Partial<Record<PercentileName, number>>>>>;
  readonly names: readonly PercentileName[];
  readonly unit?: 'ms';
}

/** Percentiles of each step, and of a whole booking. */
export function PercentilesTable({ label, of, names, unit }: PercentilesTableProps) {
  const { operate: text, saga } = words.value;
  const rows = Object.entries(of);
  if (rows.length === 0) return <p class="soft">{text.nothingYet}</p>;
  const shown = (value: number | undefined) => {
    if (value === undefined) return '—';
    return unit === undefined ? count(value) : decimal(value, value < 10 ? 1 : 0);
  };
  return (
    <Table
      label={label}
      head={[
        unit === undefined ? text.action : text.actionMs,
        ...names.map((name) => ({ text: name, isNumber: true })),
      ]}
      rows={rows.map(([action, percentiles]) => [
        action === 'booking' ? text.wholeBooking : (saga.messages[action as keyof typeof saga.messages] ?? action),
        ...names.map((name) => shown(percentiles[name])),
      ])}
    />
  );
}
