/** The services, in the order in which they start. */
export const services = ['auth', 'events', 'account', 'book'] as const;
export type Service = (typeof services)[number];

/** The programs that serve public requests: the services, and `web`, which serves the pages. */
export const backends = [...services, 'web'] as const;
export type Backend = (typeof backends)[number];
