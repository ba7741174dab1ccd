/**
 * The server's time, whatever the clock of the browser shows. The `Date` of an answer is a lower bound: it is cut to
 * whole seconds, and the answer travelled, or came out of a cache. The greatest bound seen is the closest one. The time
 * since then is measured by the monotonic clock, which a change of the browser's clock does not move.
 */
export class ServerTime {
  #aheadMs: number | undefined;

  /**
   * @param date the `Date` header of an answer of the server.
   * @param monotonicMs the monotonic clock when the answer arrived.
   */
  observe(date: string | null, monotonicMs: number): void {
    const aheadMs = Date.parse(date ?? '') - monotonicMs;
    if (aheadMs > (this.#aheadMs ?? Number.NEGATIVE_INFINITY)) this.#aheadMs = aheadMs;
  }

  /** The time of the server, in milliseconds since 1970; undefined before the first answer. */
  at(monotonicMs: number): number | undefined {
    return this.#aheadMs === undefined ? undefined : this.#aheadMs + monotonicMs;
  }
}
