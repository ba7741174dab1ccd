/** What an engine tells whoever watches it: the log, metrics, a test. None of it changes what the engine does. */
export interface EngineEvents {
  /** An action answered a set of `size` instances after `tookMs`. */
  asked?(action: string, size: number, tookMs: number): unknown;
  /** One instance went from one state to the next. */
  moved?(from: string, to: string): unknown;
  /** A participant went away, with the error that showed it, or came back. */
  away?(participant: string, isAway: boolean, error?: unknown): unknown;
  /** A set failed and is split by halves. */
  split?(state: string, size: number, error: unknown): unknown;
  /** An instance failed alone, `attempts` times in a row by now. It is tried again. */
  stuck?(id: number, state: string, attempts: number, error: unknown): unknown;
  /** Instances were taken up that someone left behind. */
  recovered?(count: number): unknown;
  /** The engine's own housekeeping failed; it is repeated. */
  failed?(error: unknown): unknown;
}
