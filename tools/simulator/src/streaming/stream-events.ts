import { generationTime, wait } from '../pace.js';
import type { Settings } from '../settings.js';
import type { Generated } from './generated.js';
import type { SseWriter } from './sse-writer.js';
import type { EventSource } from './stream-event.js';

/**
 * Writes the content of an answer at the configured speed.
 *
 * @param half stops after half of the events.
 * @returns what was generated: less than the answer where it stopped at half, or where the client has left and the
 *   settings say to stop then.
 */
export async function streamEvents(
  writer: SseWriter,
  events: EventSource,
  { tokensPerSecond, onDisconnect }: Settings,
  half: boolean,
): Promise<Generated> {
  const patience = onDisconnect === 'stop' ? writer.departed : undefined;
  const begin = performance.now();
  let eventsLeft = half ? Math.floor(events.count / 2) : Infinity;
  let output = 0;
  let reasoning = 0;
  for (const event of events.content()) {
    if (eventsLeft === 0) break;
    eventsLeft -= 1;
    if (tokensPerSecond > 0) {
      const due = begin + generationTime(output + reasoning + event.output + event.reasoning, tokensPerSecond);
      await wait(due - performance.now(), patience);
    }
    if (patience?.aborted) break;
    output += event.output;
    reasoning += event.reasoning;
    await writer.write(event.text);
    if (tokensPerSecond > 0) await writer.flush();
  }
  return { output, reasoning };
}
