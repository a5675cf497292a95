/** Both providers' names for "at the standard price", and for "as the account is set up", which is each one's default. */
const PAIRS = [
  { chat: 'auto', messages: 'auto' },
  { chat: 'default', messages: 'standard_only' },
] as const;

/** OpenAI's other tiers (`flex`, `priority`, …) have no counterpart. */
export function messagesServiceTier(tier: string): string | undefined {
  return PAIRS.find(({ chat }) => chat === tier)?.messages;
}

export function chatServiceTier(tier: string): string | undefined {
  return PAIRS.find(({ messages }) => messages === tier)?.chat;
}

/** The tiers by which an answer says how it was served. */
const SERVED = [
  { chat: 'default', messages: 'standard' },
  { chat: 'priority', messages: 'priority' },
] as const;

/** @param tier `usage.service_tier` of a message. */
export function servedChatTier(tier: unknown): string | undefined {
  return SERVED.find(({ messages }) => messages === tier)?.chat;
}

/** @param tier `service_tier` of a chat completion. */
export function servedMessagesTier(tier: unknown): string | null {
  return SERVED.find(({ chat }) => chat === tier)?.messages ?? null;
}
