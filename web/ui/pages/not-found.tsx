import { Empty } from '../controls/notice.tsx';
import { Title } from '../controls/title.tsx';
import { words } from '../words/words.ts';

export function NotFoundPage() {
  const { notFound } = words.value;
  return (
    <>
      <Title text={notFound.title} />
      <Empty head={notFound.head}>
        <a class="button" href="/">
          {notFound.toEvents}
        </a>
      </Empty>
    </>
  );
}
