/** A model that callers may name. */
export interface OfferedModel {
  readonly provider: string;
  readonly model: string;
}

/** OpenAI's list of models. Its `created` is not known here, and 0 says so. */
export function listModels(models: readonly OfferedModel[]) {
  return {
    object: 'list',
    data: models.map(({ provider, model }) => ({
      id: `${provider}/${model}`,
      object: 'model',
      created: 0,
      owned_by: provider,
    })),
  };
}
