import type { ComponentType } from 'preact';
import { useRoute } from 'preact-iso';
import { Unknown } from '../controls/notice.tsx';

/** A page of something that its address names by an id: what is no id is as unknown as one that nothing has. */
export function withValidId(Page: ComponentType): ComponentType {
  return function ById() {
    const id = Number(useRoute().params.id);
    return Number.isSafeInteger(id) && id > 0 ? <Page /> : <Unknown />;
  };
}
