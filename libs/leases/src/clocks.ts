/** The two clocks of a process; both in milliseconds. */
export interface Clocks {
  /** Never jumps: how long a lease lasts. */
  steady(): number;
  /** Since the Unix epoch, and may jump: only which period is the present one. */
  wall(): number;
}
