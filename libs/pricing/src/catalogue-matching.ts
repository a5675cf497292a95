import type { MatchLogic, ModelInfo, Provider } from '@pydantic/genai-prices';

/** A model of the data, and the provider whose name it was asked by. */
export interface MatchedModel {
  readonly provider: Provider;
  readonly model: ModelInfo;
}

const COMPACT_DATE = /-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g;

/**
 * Which model a name stands for, by the rules of the price package, which applies them only to the data that it holds
 * for the whole process: dated snapshots, aliases, and providers whose models another one resells.
 */
export function matchModel(
  data: readonly Provider[],
  providerName: string,
  modelName: string,
): MatchedModel | undefined {
  let name = modelName.toLowerCase().trim();
  let id = providerName.toLowerCase().trim();
  const slash = name.indexOf('/');
  // LiteLLM is a gateway: its names of models begin with their providers.
  if (id === 'litellm' && slash > 0 && providerNamed(data, name.slice(0, slash))) {
    id = name.slice(0, slash);
    name = name.slice(slash + 1);
  }
  const provider =
    providerNamed(data, id) ??
    (id === 'litellm' ? data.find(({ model_match: rule }) => rule && matches(rule, name)) : undefined);
  if (!provider) return undefined;
  const model = modelOf(provider, name, data) ?? modelOf(provider, name.replaceAll(COMPACT_DATE, '-$1-$2-$3'), data);
  return model && { provider, model };
}

function providerNamed(data: readonly Provider[], id: string): Provider | undefined {
  return (
    data.find((provider) => provider.id === id) ?? data.find(({ provider_match: rule }) => rule && matches(rule, id))
  );
}

function modelOf(provider: Provider, name: string, data: readonly Provider[]): ModelInfo | undefined {
  const sources = [provider.id, ...(provider.fallback_model_providers ?? [])];
  for (const id of sources) {
    const model = data.find((each) => each.id === id)?.models.find(({ match }) => matches(match, name));
    if (model) return model;
  }
  return undefined;
}

function matches(rule: MatchLogic, name: string): boolean {
  if ('or' in rule) return rule.or.some((each) => matches(each, name));
  if ('and' in rule) return rule.and.every((each) => matches(each, name));
  if ('equals' in rule) return name === rule.equals.toLowerCase();
  if ('starts_with' in rule) return name.startsWith(rule.starts_with.toLowerCase());
  if ('ends_with' in rule) return name.endsWith(rule.ends_with.toLowerCase());
  if ('contains' in rule) return name.includes(rule.contains.toLowerCase());
  return new RegExp(rule.regex).test(name);
}
