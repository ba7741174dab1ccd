/** The schema of auth's tables, for its stores. */
export const schema = 'auth';
