import type { ComponentType } from 'preact';
import { useRoute } from 'preact-iso';
import { Unknown } from '../controls/notice.tsx';

/** Wraps a page with an id in its address: an invalid id shows the same message as an unknown one. */
export function withValidId(Page: ComponentType): ComponentType {
  return function ById() {
    const id = Number(useRoute().params.id);
    return Number.isSafeInteger(id) && id > 0 ? <Page /> : <Unknown />;
  };
}
