import { pino } from 'pino';
import type { Logger } from '../../platform/telemetry/log.ts';
import type { History } from './history.ts';
import { Planted } from './weather.ts';

const errorLevel = pino.levels.values.error ?? Number.NaN;

/** A logger that writes into a history. An error line is an offence unless the fault was planted. */
export function logInto(history: History, who: string): Logger {
  const serializers = { err: (error: unknown) => ({ text: String(error), isPlanted: error instanceof Planted }) };
  return pino({ level: 'info', base: null, timestamp: false, serializers }, { write: note });

  function note(line: string): void {
    const { level, msg, err } = JSON.parse(line);
    const isError = level >= errorLevel;
    if (isError && !err?.isPlanted) history.blame(`${who}: ${msg}: ${err?.text}`);
    else history.say(who, msg);
  }
}
