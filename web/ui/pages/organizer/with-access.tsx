import type { ComponentChildren } from 'preact';
import { suffices } from '../../../../contracts/events/access.ts';
import type { Access } from '../../api/shapes.ts';
import { Loading } from '../../controls/loading.tsx';
import { Empty } from '../../controls/notice.tsx';
import { SignedIn } from '../../controls/signed-in.tsx';
import { useAccess } from '../../state/access.ts';
import { words } from '../../words/words.ts';

interface WithAccessProps {
  readonly eventId: number;
  /** The least access to the event; a helper who manages may also scan. */
  readonly needed: Access;
  readonly children: (access: Access) => ComponentChildren;
}

/** Shows its content to those with access to an event, and to others how to get access. */
export function WithAccess(props: WithAccessProps) {
  return <SignedIn>{() => <Allowed {...props} />}</SignedIn>;
}

function Allowed({ eventId, needed, children }: WithAccessProps) {
  const { signIn } = words.value;
  const loaded = useAccess(eventId);
  return (
    <Loading of={loaded}>
      {({ access }) =>
        suffices(access, needed) ? (
          children(access)
        ) : (
          <Empty head={signIn.notYours}>
            <p>{signIn.askOrganizer}</p>
          </Empty>
        )
      }
    </Loading>
  );
}
