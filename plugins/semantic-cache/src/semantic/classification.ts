import type { Call, GenerationCall } from '@parsimony/contract';
import type { Configuration } from '../configuration.js';
import { namePattern } from '../patterns/name-pattern.js';
import { systemPromptOf } from '../questions/index.js';

/** One rule of a tenant's by which calls that classify are known. */
export type Classification = Configuration['classifications'][number];

/** The labels of a call that classifies, none where its rule lists none; undefined for other calls. */
export type LabelsOf = (call: GenerationCall) => readonly string[] | undefined;

/** @param rules the first that fits a call decides. */
export function classifier(rules: readonly Classification[]): LabelsOf {
  const compiled = rules.map(({ match, labels = [] }) => ({ fits: matcher(match), labels }));
  return (call) => compiled.find(({ fits }) => fits(call))?.labels;
}

function matcher({ model, tags, systemContains }: Classification['match']): (call: GenerationCall) => boolean {
  const fitsModel = model === undefined ? undefined : namePattern(model);
  const wanted = Object.entries(tags ?? {});
  const text = systemContains?.toLowerCase();
  return (call) =>
    (!fitsModel || fitsModel(modelOf(call)) || fitsModel(call.requestedModel)) &&
    wanted.every(([name, value]) => call.tags[name] === value) &&
    (text === undefined || systemPromptOf(call).toLowerCase().includes(text));
}

function modelOf({ target }: Call): string {
  return `${target.provider}/${target.model}`;
}
