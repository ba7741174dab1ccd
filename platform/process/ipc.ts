/**
 * Messages between a program and the supervisor that started it, over the `ipc` channel of `node:child_process`.
 * Without a channel these functions do nothing.
 */

/** The message that a program sends once it listens on its ports. */
export interface Listening {
  readonly listening: { readonly port: number; readonly internalPort: number };
}

/** Sends a message to the supervisor. Errors are ignored: a supervisor that has exited needs no message. */
export function notifySupervisor(message: object): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

/** Calls `work` with each message of the supervisor. */
export function onSupervisorMessage(work: (message: unknown) => void): void {
  process.on('message', work);
}

/**
 * Calls `work` when the supervisor has exited, so that no orphaned program keeps its ports and its database. This also
 * works after SIGKILL, because the kernel then closes the channel.
 * @param hadSupervisor whether the channel was open when the program started; it may be closed by now.
 */
export function onSupervisorGone(hadSupervisor: boolean, work: () => void): void {
  if (!hadSupervisor) return;
  if (process.connected) process.once('disconnect', work);
  else work();
}
