import type { Reply, ReplyEvent } from '@parsimony/contract';

/**
 * Pulls a reply to its end.
 *
 * @throws what the reply throws.
 */
export async function collect(reply: Reply): Promise<ReplyEvent[]> {
  const events: ReplyEvent[] = [];
  for await (const event of reply) events.push(event);
  return events;
}
