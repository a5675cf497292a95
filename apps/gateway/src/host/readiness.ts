/** What `/readyz` and the HTTP server must know of a stop. */
export interface Readiness {
  stopping: boolean;
}
