/** The services' names, in the order in which they are opened. */
export const services = ['auth', 'events', 'account', 'book'] as const;
export type Service = (typeof services)[number];
