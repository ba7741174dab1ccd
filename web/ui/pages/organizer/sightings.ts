/** For how long a code must be out of the picture until it is taken anew, in milliseconds. */
const goneMs = 1_000;

/**
 * Tells which codes in the frames of a camera are new. A code is taken once, however long it is held to the camera, and
 * anew only after it was in no frame for a second: one frame without it may be a blurred one.
 */
export class Sightings {
  /** The codes in the picture, with the time of the first frame since which each is missing. */
  readonly #seen = new Map<string, number | undefined>();

  /** @returns the codes of a frame that were not in the picture before. */
  look(codes: readonly string[], nowMs: number): string[] {
    for (const [code, missingMs = nowMs] of this.#seen) {
      if (codes.includes(code)) continue;
      if (nowMs - missingMs >= goneMs) this.#seen.delete(code);
      else this.#seen.set(code, missingMs);
    }
    const fresh = [...new Set(codes)].filter((code) => !this.#seen.has(code));
    for (const code of codes) this.#seen.set(code, undefined);
    return fresh;
  }
}
