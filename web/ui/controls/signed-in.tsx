import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import type { Me, Role } from '../api/shapes.ts';
import { me } from '../state/session.ts';
import { words } from '../words/words.ts';
import { Empty } from './notice.tsx';

/** The address of the sign-in page, which returns to `url` afterwards. */
export const signInTo = (url: string) => `/sign-in?to=${encodeURIComponent(url)}`;

export const organizers: readonly Role[] = ['organizer', 'admin'];

interface SignedInProps {
  /** The roles that have access; without them, every signed-in person. */
  readonly roles?: readonly Role[];
  readonly children: (person: Me) => ComponentChildren;
}

/** Shows its content to signed-in people with one of the roles, and to others how to get access. */
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
