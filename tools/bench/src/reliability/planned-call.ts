export const FAILING_MODEL = 'openai/gpt-4.1-mini';
export const HEALTHY_MODEL = 'anthropic/claude-haiku-4-5';

const STREAMS_EVERY = 5;

export interface PlannedCall {
  readonly body: string;
  readonly stream: boolean;
  /** Whether the connection ends with the answer, so that the next call takes a new one; kept where left out. */
  readonly closes?: boolean;
}

/** Calls to the provider that fails; every fifth streams. */
export function* planCalls(count: number): Generator<PlannedCall> {
  for (let index = 0; index < count; index++) {
    const stream = index % STREAMS_EVERY === 0;
    const content = `${index}: Почему поезд опаздывает, and who tells the passengers? 🚆`;
    yield {
      stream,
      body: JSON.stringify({
        model: FAILING_MODEL,
        messages: [{ role: 'user', content }],
        max_tokens: 60,
        ...(stream && { stream: true }),
      }),
    };
  }
}
