import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { embedderId } from '../embedder-id.js';

/** A model that runs in this process by Transformers.js. */
export interface LocalModel {
  readonly id: string;
  /** As Transformers.js takes it: a folder in the models' folder, or the hub's name. */
  readonly name: string;
  readonly dimensions: number;
  readonly multilingual: boolean;
  /** Whether it may be fetched from the hub. */
  readonly fetched: boolean;
}

export interface LocalModelPlaces {
  /** Folder that holds a folder for each model, with `config.json`, `tokenizer.json` and `onnx/`. */
  readonly folder: string;
  /** Models that may be fetched from the hub, as the hub names them. */
  readonly hubModels: readonly string[];
}

/**
 * English models know 30,000 to 50,000 pieces of words (BERT 30,522, ModernBERT 50,368), those for Russian and English or
 * for many languages far more (rubert-tiny2 83,828, multilingual BERT 119,547, XLM-R 250,002).
 */
const MULTILINGUAL_VOCABULARY = 60_000;

/**
 * Reads `MODEL`, or `MODEL@DIMENSIONS` for one that was not fetched yet. Only models that the operator put into the folder or
 * named are taken: a tenant's document must not make the gateway fetch whatever it names.
 *
 * @returns what is wrong, as a text, where there is no such model.
 */
export function findLocalModel(text: string, { folder, hubModels }: LocalModelPlaces): LocalModel | string {
  const [, name = '', number] = /^([^@]+)(?:@([1-9]\d{0,4}))?$/.exec(text) ?? [];
  const place = join(folder, name);
  if (name === '' || !isInside(folder, place)) return 'its name is no name of a model';
  const config = readConfig(place);
  if (!config && !hubModels.includes(name))
    return `${join(place, 'config.json')} cannot be read, and it is no model that the operator lets be fetched`;
  const dimensions = config?.hidden_size ?? config?.dim ?? (number === undefined ? undefined : Number(number));
  if (dimensions === undefined) return `how many numbers its vectors have is not known: write local/${name}@DIMENSIONS`;
  if (number !== undefined && Number(number) !== dimensions) return `its vectors have ${dimensions} numbers`;
  return {
    id: embedderId('local', name),
    name,
    dimensions,
    multilingual:
      config?.vocab_size === undefined ? /multilingual/i.test(name) : config.vocab_size >= MULTILINGUAL_VOCABULARY,
    fetched: !config,
  };
}

/** What is read of a model's `config.json`; DistilBERT calls its width `dim`. */
interface ModelConfig {
  readonly hidden_size?: number;
  readonly dim?: number;
  readonly vocab_size?: number;
}

function readConfig(place: string): ModelConfig | undefined {
  try {
    return JSON.parse(readFileSync(join(place, 'config.json'), 'utf8')) as ModelConfig;
  } catch {
    return undefined;
  }
}

function isInside(folder: string, place: string): boolean {
  const path = relative(folder, place);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
