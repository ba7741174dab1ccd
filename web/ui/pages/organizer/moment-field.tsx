import { useState } from 'preact/hooks';
import { momentsOf } from '../../../../contracts/events/wall-time.ts';
import { Field } from '../../controls/field.tsx';
import { zoneName } from '../../words/format.ts';
import { words } from '../../words/words.ts';

interface MomentFieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly timeZone: string;
  readonly hint?: string | undefined;
  readonly wrong?: string | undefined;
}

/** A date and time on the clocks of a zone, which the label names. Says so when a typed time comes twice. */
export function MomentField({ label, timeZone, hint, value, ...rest }: MomentFieldProps) {
  const [typed, setTyped] = useState(value);
  const isRepeated = typed !== value && momentsOf(typed, timeZone).length > 1;
  return (
    <Field
      {...rest}
      value={value}
      type="datetime-local"
      max="9999-12-31T23:59"
      label={`${label} (${zoneName(timeZone)})`}
      hint={isRepeated ? words.value.organize.repeatedHour : hint}
      onInput={setTyped}
    />
  );
}
