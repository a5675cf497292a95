/**
 * Tokens of the largest context among the models that are told of contexts in their body: what a request only refers to
 * (an earlier response, a conversation, a file, what a hosted tool finds) is bounded by nothing else.
 */
export const LARGEST_CONTEXT_TOKENS = 1_050_000;
