import type { BookingDetail } from '../api/shapes.ts';
import { useWidth } from '../state/size.ts';
import { duration } from '../words/format.ts';
import { words } from '../words/words.ts';
import { messagesOf, workedMs } from './messages.ts';
import { useReplay } from './replay.ts';
import { Sequence } from './sequence.tsx';

/** The sequence diagram of a booking, updated live, and the same messages as a list for screen readers. */
export function SagaFigure({ booking }: { readonly booking: BookingDetail }) {
  const { saga } = words.value;
  const [element, width] = useWidth<HTMLDivElement>();
  const messages = messagesOf(booking);
  const { shown, isPlaying, play } = useReplay(messages);
  const isSettled = booking.state === 'complete' || booking.state === 'canceled';
  const first = messages[0]?.atMs ?? 0;
  return (
    <figure class="card stack" aria-label={saga.title}>
      <div class="row apart">
        <h2>{saga.title}</h2>
        {isSettled && (
          <button type="button" class="link" disabled={isPlaying} onClick={play}>
            {saga.replay}
          </button>
        )}
      </div>
      <div ref={element}>{width > 0 && <Sequence messages={shown} width={width} />}</div>
      <ol class="visually-hidden" aria-live="polite">
        {messages.map(({ name, from, to, atMs }) => (
          <li key={name}>
            {saga.lifelines[from]} → {saga.lifelines[to]}: {saga.messages[name]}, +{duration(atMs - first)}
          </li>
        ))}
      </ol>
      <figcaption class="soft small">
        {isSettled ? saga.settledIn(duration(workedMs(messages))) : saga.underWay} {saga.note}
      </figcaption>
    </figure>
  );
}
