/** What would make the gateway use somebody's real database, provider or settings. */
const FOREIGN = /^(PARSIMONY_|OPENAI_|ANTHROPIC_|GEMINI_|MISTRAL_|AZURE_|OTEL_|QDRANT_|DATABASE_URL$|PORT$|HOST$)/;

/**
 * Variables for a deployment of its own: those of this process without any that points elsewhere, so that a provider's key
 * in the shell costs nobody money.
 */
export function isolatedVariables(
  variables: NodeJS.ProcessEnv,
  own: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const kept = Object.entries(variables).filter(([name]) => !FOREIGN.test(name));
  return { ...Object.fromEntries(kept), ...own };
}
