import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import type { Me, Role } from '../api/shapes.ts';
import { me } from '../state/session.ts';
import { words } from '../words/words.ts';
import { Empty } from './notice.tsx';

/** The address of the page on which one signs in, and from which one comes back. */
export const signInTo = (url: string) => `/sign-in?to=${encodeURIComponent(url)}`;

/** Who has pages for organizers. */
export const organizers: readonly Role[] = ['organizer', 'admin'];

interface SignedInProps {
  /** Who else may not see it. */
  readonly roles?: readonly Role[];
  readonly children: (person: Me) => ComponentChildren;
}

/** What only someone who is signed in can see; for everyone else the way there. */
export function SignedIn({ roles, children }: SignedInProps) {
  const { signIn } = words.value;
  const { url } = useLocation();
  if (me.value === undefined) return <div class="skeleton" />;
  if (me.value === null) {
    return (
      <Empty head={signIn.needed}>
        <a class="button main" href={signInTo(url)}>
          {signIn.go}
        </a>
      </Empty>
    );
  }
  if (roles !== undefined && !roles.includes(me.value.role)) {
    return (
      <Empty head={signIn.notYours}>
        <p>{signIn.askAdmin}</p>
      </Empty>
    );
  }
  return <>{children(me.value)}</>;
}
