import { Catch, type ExceptionFilter } from '@nestjs/common';

/**
 * Hands every error back to GraphQL, which formats and logs it once. Nest's own filter would print each of them, the
 * caller's mistakes too, to the console.
 */
@Catch()
export class PassErrors implements ExceptionFilter {
  catch(error: unknown): unknown {
    return error instanceof Error ? error : new Error(String(error));
  }
}
