import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { SignedIn } from '../../controls/signed-in.tsx';
import { Title } from '../../controls/title.tsx';
import { mayOperate, me } from '../../state/session.ts';
import { words } from '../../words/words.ts';

interface OperateFrameProps {
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The tabs of the operator pages. */
export function OperateFrame({ aside, children }: OperateFrameProps) {
  const { operate: text } = words.value;
  const { path } = useLocation();
  const isOperator = mayOperate(me.value);
  const places = [
    ['/operate', text.saga],
    ['/operate/reconciliation', text.reconciliation],
    ['/operate/people', text.people],
    ['/operate/trail', text.auditLog],
  ] as const;
  return (
    <>
      <Title text={places.find(([address]) => address === path)?.[1] ?? text.saga} aside={isOperator && aside}>
        {isOperator && (
          <nav class="tabs" aria-label={text.title}>
            {places.map(([address, name]) => (
              <a key={address} href={address} {...(address === path && { 'aria-current': 'page' as const })}>
                {name}
              </a>
            ))}
          </nav>
        )}
      </Title>
      <SignedIn roles={['admin']}>{() => children}</SignedIn>
    </>
  );
}
