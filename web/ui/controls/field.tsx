import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly hint?: string | undefined;
  /** The error text. */
  readonly wrong?: string | undefined;
  readonly value?: string | undefined;
  readonly type?: 'text' | 'password' | 'email' | 'search' | 'datetime-local';
  readonly required?: boolean;
  readonly autocomplete?: AutoFill | undefined;
  readonly inputMode?: 'numeric' | 'decimal' | 'email' | 'text';
  readonly max?: string;
  readonly maxLength?: number;
  readonly isLong?: boolean;
  readonly onInput?: (value: string) => void;
}

/** A labeled input. Screen readers announce its hint and error with the label. */
export function Field(props: FieldProps) {
  const { label, name, hint, wrong, value, type = 'text', isLong, onInput, required, ...rest } = props;
  const id = useId();
  const common = {
    id,
    name,
    required: required ?? false,
    'aria-invalid': wrong !== undefined,
    ...describedBy(id, hint, wrong),
    ...(value !== undefined && { defaultValue: value }),
    ...(onInput && { onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value) }),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {isLong ? <textarea {...common} maxLength={rest.maxLength} /> : <input {...common} {...rest} {...ofType(type)} />}
      <Descriptions id={id} hint={hint} wrong={wrong} />
    </div>
  );
}

interface SelectFieldProps extends Pick<FieldProps, 'label' | 'name' | 'hint' | 'wrong'> {
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly onInput: (value: string) => void;
}

/** A labeled choice of one of several values. */
export function SelectField({ label, name, hint, wrong, value, options, onInput }: SelectFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        aria-invalid={wrong !== undefined}
        {...describedBy(id, hint, wrong)}
        onInput={(event) => onInput(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
      <Descriptions id={id} hint={hint} wrong={wrong} />
    </div>
  );
}

/** The ids of the texts that describe a field. */
function describedBy(id: string, hint: string | undefined, wrong: string | undefined) {
  const ids = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(' ');
  return ids === '' ? {} : { 'aria-describedby': ids };
}

interface DescriptionsProps {
  readonly id: string;
  readonly hint: string | undefined;
  readonly wrong: string | undefined;
}

function Descriptions({ id, hint, wrong }: DescriptionsProps) {
  return (
    <>
      <Described id={`${id}-hint`} manner="hint">
        {hint}
      </Described>
      <Described id={`${id}-wrong`} manner="wrong">
        {wrong}
      </Described>
    </>
  );
}

interface DescribedProps {
  readonly id: string;
  readonly manner: 'hint' | 'wrong';
  readonly children: ComponentChildren;
}

function Described({ id, manner, children }: DescribedProps) {
  if (!children) return null;
  return (
    <p id={id} class={manner}>
      {children}
    </p>
  );
}

/** Narrows an input type: Preact's types have a union member for each one, and this component serves them all. */
const ofType = (type: string) => ({ type: type as 'text' });
