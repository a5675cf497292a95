/** What a log says of a defect. Errors of the database carry the values of the statement, which are not for logs. */
export function faultFields(error: unknown): { readonly fault: string; readonly stack: string | undefined } {
  return error instanceof Error
    ? { fault: `${error.name}: ${error.message}`, stack: error.stack }
    : { fault: String(error), stack: undefined };
}
