import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { useAction } from './state/action.ts';
import { balance, isHelper, mayOperate, mayOrganize, me, signOut } from './state/session.ts';
import { nextTheme, theme } from './state/theme.ts';
import { money, sum } from './words/format.ts';
import { dictionaries, type Language, language, setLanguage, words } from './words/words.ts';

/** The frame of every page: navigation, person, language, theme. */
export function Frame({ children }: { readonly children: ComponentChildren }) {
  const { frame } = words.value;
  return (
    <>
      <a class="skip visually-hidden" href="#main">
        {frame.skip}
      </a>
      <header class="head">
        <div class="head-in">
          <a class="brand" href="/">
            <Mark />
            Startlist
          </a>
          <Navigation />
          <div class="tools">
            <Person />
            <LanguageSwitch />
            <button type="button" class="glyph" title={frame.themes[theme.value]} onClick={nextTheme}>
              <span aria-hidden="true">{{ auto: '◐', light: '○', dark: '●' }[theme.value]}</span>
              <span class="visually-hidden">{frame.themes[theme.value]}</span>
            </button>
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot small soft">
        <span>{frame.about}</span>
        <a href="/docs">{frame.api}</a>
      </footer>
    </>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect x="1" y="4" width="30" height="24" rx="4" fill="#ffd60a" />
      <circle cx="6.5" cy="9" r="1.6" fill="#15181c" />
      <circle cx="25.5" cy="9" r="1.6" fill="#15181c" />
      <path d="M13.4 14.2 18 10v15" fill="none" stroke="#15181c" stroke-width="3.6" />
    </svg>
  );
}

function Navigation() {
  const { frame } = words.value;
  const { path } = useLocation();
  const places: [address: string, name: string, isShown: boolean][] = [
    ['/', frame.events, true],
    ['/bookings', frame.bookings, Boolean(me.value)],
    ['/organize', frame.organize, mayOrganize(me.value) || isHelper.value],
    ['/operate', frame.operate, mayOperate(me.value)],
  ];
  const isHere = (address: string) =>
    address === '/' ? path === '/' || path.startsWith('/event/') : path.startsWith(address.replace(/s$/, ''));
  return (
    <nav class="nav" aria-label={frame.navigation}>
      {places
        .filter(([, , isShown]) => isShown)
        .map(([address, name]) => (
          <a key={address} href={address} {...(isHere(address) && { 'aria-current': 'page' as const })}>
            {name}
          </a>
        ))}
    </nav>
  );
}

function Person() {
  const { frame } = words.value;
  const { route } = useLocation();
  if (me.value === undefined) return null;
  if (me.value === null) {
    return (
      <a class="sign-in" href="/sign-in">
        {frame.signIn}
      </a>
    );
  }
  const leave = useAction(async () => {
    await signOut();
    route('/');
  });
  return (
    <>
      {balance.value !== undefined && (
        <a
          class="purse number"
          href="/wallet"
          title={sum(balance.value)}
          aria-label={`${frame.balance}: ${sum(balance.value)}`}
        >
          {money(balance.value)}
        </a>
      )}
      <a class="login" href="/me" title={frame.account}>
        {me.value.login}
      </a>
      <button type="button" class="on-wide" onClick={() => void leave.run()}>
        {frame.signOut}
      </button>
    </>
  );
}

function LanguageSwitch() {
  const other: Language = language.value === 'en' ? 'ru' : 'en';
  const { name, short } = dictionaries[other];
  return (
    <button type="button" class="glyph" lang={other} title={name} onClick={() => setLanguage(other)}>
      <span aria-hidden="true">{short}</span>
      <span class="visually-hidden">{name}</span>
    </button>
  );
}
