/** What was to be evaluated on is not there: the command ends with 2. */
export class MissingData extends Error {
  override readonly name = 'MissingData';
}
