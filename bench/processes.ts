import { readdirSync, readFileSync } from 'node:fs';

/** What processes have used, as the system counts it; nothing where the system has no /proc. */
export interface Usage {
  /** Time on a processor, in milliseconds; that of children which have ended among it. */
  readonly cpuMs: number;
  /** Memory that is resident, of the largest of them, in bytes. */
  readonly residentBytes: number;
}

/** The system's clock ticks a second: 100 wherever Linux runs. */
const ticksPerSecond = 100;
const pageBytes = 4_096;

/** Reads what some processes have used so far. Those that are gone count nothing. */
export function usageOf(pids: readonly number[]): Usage {
  const all = pids.flatMap((pid) => read(pid) ?? []);
  return {
    cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    residentBytes: Math.max(0, ...all.map(({ residentBytes }) => residentBytes)),
  };
}

function read(pid: number): Usage | undefined {
  const fields = statOf(pid);
  if (fields === undefined) return undefined;
  // Counted from the state, which is the third field of all: see proc(5). A server's processes come and go.
  const pages = Number(fields[21]);
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { cpuMs: (ticks * 1_000) / ticksPerSecond, residentBytes: pages * pageBytes };
}

/** What stands in /proc/PID/stat behind the name, which may hold spaces itself. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** The processes that a process has started, such as the backends of a PostgreSQL. */
export function childrenOf(parent: number): number[] {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((pid) => Number(statOf(pid)?.[1]) === parent);
  } catch {
    return [];
  }
}
