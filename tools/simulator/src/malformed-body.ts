/** A body that cannot be read at all, which each protocol says in its own words. */
export class MalformedBody extends Error {
  constructor(readonly format: 'JSON' | 'form') {
    super(format === 'JSON' ? 'the body is not JSON' : 'the body is not a form');
    this.name = 'MalformedBody';
  }
}
