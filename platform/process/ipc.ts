/**
 * What passes between a program and the process that started it, when that opened a channel (the `ipc` of
 * `node:child_process`). Without one, nothing of this does anything.
 */

/** A program listens on these ports. */
export interface Listening {
  readonly listening: { readonly port: number; readonly internalPort: number };
}

/** Tells the parent something. Whether it arrives does not matter: a parent that is gone asks nothing any more. */
export function notifySupervisor(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** Calls `work` with whatever the parent says. */
export function onSupervisorMessage(work: (message: unknown) => void): void {
  process.on('message', work);
}

/**
 * Calls `work` when the parent is gone, even by SIGKILL: the kernel closes the channel then. Without this a program
 * would live on alone, holding its ports and its database.
 * @param hadParent whether there was a channel when the program began; it may be gone by now.
 */
export function onSupervisorGone(hadParent: boolean, work: () => void): void {
  if (!hadParent) return;
  if (process.connected) process.once('disconnect', work);
  else work();
}
