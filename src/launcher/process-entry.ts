/** What the kernel tells of one process. */
export interface ProcessEntry {
  pid: number;
  ppid: number;
  pgid: number;
  /** Foreground process group of its controlling terminal; the number of no group without a terminal. */
  terminalPgid: number;
  /** One letter: R running, S sleeping, T stopped, Z zombie, … */
  state: string;
}
