/** The services' names, in the order in which they are opened. */
export const services = ['auth', 'events', 'account', 'book'] as const;
export type Service = (typeof services)[number];

/** The programs that are reached from outside: the services, and the one that serves the pages. */
export const backends = [...services, 'web'] as const;
export type Backend = (typeof backends)[number];
