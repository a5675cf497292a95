import type { FastifyReply } from 'fastify';
import type { Exchange } from '../exchange.js';
import { firstByteDelay, generationTime, wait } from '../pace.js';
import { partsOf } from './speech-events.js';
import type { Speech } from './speech.js';

/** Parts in which a sound is sent. */
const PARTS = 16;

/**
 * Sends a sound in parts, as it is generated.
 *
 * @param charge called with the audio tokens that were generated, before the last part leaves.
 */
export async function sendSound(
  { settings, fault, protocol }: Exchange,
  speech: Speech,
  contentType: string,
  requestId: string,
  charge: (audioTokens: number) => void,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.hijack();
  const { raw } = reply;
  const departure = new AbortController();
  raw.once('close', () => departure.abort());
  // Writing to a client that has just left emits an error, which would end the process if nobody listened.
  raw.on('error', () => undefined);
  const patience = settings.onDisconnect === 'stop' ? departure.signal : undefined;
  await wait(firstByteDelay(settings, fault), patience);
  if (!departure.signal.aborted) raw.writeHead(200, ['content-type', contentType, protocol.requestIdHeader, requestId]);
  const parts = partsOf(speech, PARTS);
  const [last] = parts.splice(fault === 'cut' ? PARTS / 2 - 1 : PARTS - 1);
  let tokens = 0;
  for (const part of parts) {
    await wait(generationTime(part.tokens, settings.tokensPerSecond), patience);
    if (patience?.aborted) break;
    tokens += part.tokens;
    if (!departure.signal.aborted) raw.write(part.bytes);
  }
  charge(patience?.aborted ? tokens : tokens + (last?.tokens ?? 0));
  if (departure.signal.aborted) return reply;
  if (fault === 'cut') {
    raw.write(last?.bytes ?? '');
    raw.socket?.destroySoon();
  } else raw.end(last?.bytes);
  return reply;
}
