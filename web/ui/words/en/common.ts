import { pluralOf } from '../plural.ts';

const plural = pluralOf('en');

/** Texts of the frame around every page, and words that several pages share. */
export const common = {
  name: 'English',
  short: 'EN',
  loading: 'Loading …',
  again: 'Try again',
  keepIt: 'Go back',
  free: 'free',
  points: (count: number) => plural(count, { one: 'point', other: 'points' }),
  connection: { connecting: 'connecting …', live: 'live', lost: 'no connection, trying again …' },

  frame: {
    skip: 'Skip to content',
    navigation: 'Main menu',
    events: 'Events',
    bookings: 'My bookings',
    organize: 'Organize',
    operate: 'Operate',
    signIn: 'Sign in',
    signOut: 'Sign out',
    balance: 'My balance',
    account: 'My account',
    about: 'Startlist never sells more places than there are.',
    api: 'API',
    themes: { auto: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' },
  },

  notFound: { title: 'Page not found', head: 'There is no page at this address.', toEvents: 'All events' },
  roles: { person: 'participant', organizer: 'organizer', admin: 'admin' },
};
