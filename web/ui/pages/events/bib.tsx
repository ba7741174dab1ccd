import { count } from '../../words/format.ts';

interface BibProps {
  readonly strip: string;
  readonly number: number;
  readonly note: string;
  readonly isOut?: boolean;
  readonly big?: boolean;
}

/** A number on a race bib. */
export function Bib({ strip, number, note, isOut, big }: BibProps) {
  const text = count(number);
  return (
    <div class={['bib', big && 'big', isOut && 'out'].filter(Boolean).join(' ')}>
      <span class="bib-strip">{strip}</span>
      <span class={text.length > 4 ? 'bib-number long' : 'bib-number'}>{text}</span>
      <span class="bib-note">{note}</span>
    </div>
  );
}
