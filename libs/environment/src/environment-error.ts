/** The environment is not usable; the message lists every variable that is wrong. */
export class EnvironmentError extends Error {}
