import { AssertionError } from 'node:assert';

/**
 * Waits for a promise, but no longer than so many milliseconds.
 *
 * @throws AssertionError where the time is over first; `what` says what should have happened.
 */
export async function within<T>(milliseconds: number, promise: Promise<T>, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const message = `${what}: not within ${milliseconds} ms`;
  const timer = setTimeout(() => reject(new AssertionError({ message, operator: 'within' })), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
