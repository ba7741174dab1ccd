import { Empty } from '../controls/notice.tsx';
import { Title } from '../controls/title.tsx';
import { words } from '../words/words.ts';

/** An address that is no page's. */
export function NowherePage() {
  const { nowhere } = words.value;
  return (
    <>
      <Title text={nowhere.title} />
      <Empty head={nowhere.head}>
        <a class="button" href="/">
          {nowhere.toEvents}
        </a>
      </Empty>
    </>
  );
}
