import { readdirSync, readFileSync } from 'node:fs';

/** The resources that processes have used; zero on systems without /proc. */
export interface Usage {
  /** CPU time in milliseconds, including ended child processes. */
  readonly cpuMs: number;
  /** Resident memory of the largest process, in bytes. */
  readonly residentBytes: number;
}

/** Clock ticks per second: always 100 on Linux. */
const ticksPerSecond = 100;
const pageBytes = 4_096;

/** Reads the usage of processes. A process that has ended adds nothing. */
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
  // `fields[n]` is field n + 3 of proc(5): `fields[0]` is the state of the process.
  const pages = Number(fields[21]);
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { cpuMs: (ticks * 1_000) / ticksPerSecond, residentBytes: pages * pageBytes };
}

/** The fields of /proc/PID/stat after the process name, which may contain spaces. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** The child processes of a process, such as the backends of a PostgreSQL server. */
export function childrenOf(parent: number): number[] {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((pid) => Number(statOf(pid)?.[1]) === parent);
  } catch {
    return [];
  }
}
