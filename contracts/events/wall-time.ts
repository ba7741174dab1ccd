/*
 * The time on the clocks of a zone, without the zone: `2026-03-29T10:00:00`. Services and pages share these functions.
 */

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for an unknown zone. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const found = formats.get(timeZone);
  if (found !== undefined) return found;
  const digits = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  const calendar = { calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' } as const;
  const made = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', ...digits, ...calendar });
  formats.set(timeZone, made);
  return made;
}

/** Whether this machine knows the zone. An older one may lack a new name. */
export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** The time on the clocks of a zone at a moment, to the second: `2026-03-29T10:00:00`. */
export function wallTimeAt(atMs: number, timeZone: string): string {
  const parts = formatOf(timeZone).formatToParts(atMs);
  const part = (wanted: Intl.DateTimeFormatPartTypes) => parts.find(({ type }) => type === wanted)?.value ?? '';
  const day = [part('year').padStart(4, '0'), part('month'), part('day')].join('-');
  return `${day}T${part('hour')}:${part('minute')}:${part('second')}`;
}

const wallTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;
const dayMs = 86_400_000;
const lastMs = Date.UTC(9999, 11, 30);

/**
 * The moments, in order and in milliseconds, at which the clocks of a zone show a time, to the minute or second: mostly
 * one, none in an hour that is skipped when clocks go forward, two in an hour that repeats when they go back.
 */
export function momentsOf(text: string, timeZone: string): number[] {
  const asUtcMs = wallTime.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  // Near the end of year 9999 a zone may show a year that no text of this form has.
  if (Number.isNaN(asUtcMs) || asUtcMs > lastMs) return [];
  // A zone is at most a day from UTC, and its clocks change at most once in two days.
  const offsetsMs = [asUtcMs - dayMs, asUtcMs + dayMs].map((atMs) => offsetMsAt(atMs, timeZone));
  const moments = new Set(offsetsMs.map((offsetMs) => asUtcMs - offsetMs));
  // Compared as text, so that 30 February is not taken for 2 March.
  const shown = text.padEnd('2026-03-29T10:00:00'.length, ':00');
  return [...moments].filter((atMs) => wallTimeAt(atMs, timeZone) === shown).sort((a, b) => a - b);
}

/** How much the clocks of a zone are ahead of UTC. */
const offsetMsAt = (atMs: number, timeZone: string): number => Date.parse(`${wallTimeAt(atMs, timeZone)}Z`) - atMs;
