import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { EnvironmentError } from './environment-error.js';
import { httpUrl, text } from './value-types.js';

const entrySchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z\d-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9 and -, a letter first'),
  kind: text.default('compatible'),
  baseUrl: httpUrl,
  keyVariable: text.optional(),
  settings: z.record(z.string(), z.json()).default({}),
});

/** A provider beside those that have variables of their own. */
export interface FurtherProvider {
  readonly name: string;
  /** Which adapter speaks to it. */
  readonly kind: string;
  readonly baseUrl: string;
  /** What stood in the variable that the file names; the file itself holds no secret. */
  readonly apiKey?: string;
  /** For the adapter to prove. */
  readonly settings: Readonly<Record<string, z.core.util.JSONType>>;
}

/**
 * Reads the file that `PARSIMONY_PROVIDERS` names: an array of `{name, kind, baseUrl, keyVariable, settings}`.
 *
 * @throws EnvironmentError which names file, entry and field; a key is named by its variable, never by its value.
 */
export function readProvidersFile(path: string, variables: NodeJS.ProcessEnv): readonly FurtherProvider[] {
  const parsed = z.array(entrySchema).safeParse(readJson(path));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${place(issue.path)}: ${issue.message}`);
    throw new EnvironmentError(`PARSIMONY_PROVIDERS, ${path}: ${problems.join('; ')}`);
  }
  const names = new Set<string>();
  return parsed.data.map(({ keyVariable, ...provider }, index) => {
    if (names.has(provider.name)) throw wrong(path, index, 'name', `there are two providers "${provider.name}"`);
    names.add(provider.name);
    if (keyVariable === undefined) return provider;
    const apiKey = variables[keyVariable];
    if (!apiKey) throw wrong(path, index, 'keyVariable', `the variable ${keyVariable} is not set`);
    return { ...provider, apiKey };
  });
}

function readJson(path: string): unknown {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    throw new EnvironmentError(`PARSIMONY_PROVIDERS: ${path} cannot be read`, { cause: error });
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new EnvironmentError(`PARSIMONY_PROVIDERS: ${path} is no JSON`, { cause: error });
  }
}

function wrong(path: string, index: number, field: string, message: string): EnvironmentError {
  return new EnvironmentError(`PARSIMONY_PROVIDERS, ${path}: [${index}].${field}: ${message}`);
}

function place(steps: readonly PropertyKey[]): string {
  return steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('') || 'the whole';
}
