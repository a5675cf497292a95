import { readFile } from 'node:fs/promises';
import { isParsimonyError, type JsonObject } from '@parsimony/contract';
import { nearestName } from '@parsimony/environment';
import { parseTenantDocument, type DocumentRules } from '@parsimony/tenancy';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { BadInput } from '../cli/exit-code.js';
import { budgetLabel, type LimitEntries } from './limits/limit-entries.js';
import { labelOf } from './limits/limit-owners.js';
import { budgetEntry, rateLimitEntry } from './limits/limit-schemas.js';
import { nameSchema } from './name-schema.js';

const FIELDS = ['name', 'teams', 'document', 'budgets', 'rateLimits'] as const;

const MOST_LIMITS = 10_000;

const entrySchema = z.strictObject({
  name: nameSchema,
  teams: z.array(nameSchema).default([]),
  document: z.custom<JsonObject>(isObject, 'must be a tenant document, an object'),
  budgets: z.array(budgetEntry).max(MOST_LIMITS).default([]),
  rateLimits: z.array(rateLimitEntry).max(MOST_LIMITS).default([]),
});

/** A tenant as a file wishes it. */
export interface WishedTenant extends LimitEntries {
  readonly file: string;
  readonly name: string;
  readonly teams: readonly string[];
  readonly document: JsonObject;
}

/**
 * Reads tenants from YAML or JSON files; one YAML file may hold several, with `---` between them.
 *
 * @throws BadInput which lists, for all files at once, every tenant that is not right: file, field, and what is wrong.
 */
export async function readTenantFiles(files: readonly string[], rules: DocumentRules): Promise<WishedTenant[]> {
  const wished: WishedTenant[] = [];
  const problems: string[] = [];
  for (const file of files) {
    for (const read of await readOne(file, rules)) {
      if ('problem' in read) problems.push(`${file}: ${read.problem}`);
      else if (wished.some(({ name }) => name === read.name)) {
        problems.push(`${file}: name: the tenant "${read.name}" is described twice`);
      } else wished.push({ file, ...read });
    }
  }
  if (problems.length > 0) throw new BadInput([...problems, 'nothing was changed'].join('\n'));
  return wished;
}

type Read = Omit<WishedTenant, 'file'> | { readonly problem: string };

async function readOne(file: string, rules: DocumentRules): Promise<Read[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return [{ problem: `cannot be read (${error instanceof Error ? error.message : String(error)})` }];
  }
  const documents = parseAllDocuments(text, { stringKeys: true });
  if (!Array.isArray(documents) || documents.length === 0) return [{ problem: 'is empty' }];
  return Promise.all(
    documents.map(async (document) => {
      const [error] = document.errors;
      if (error) return { problem: error.message };
      try {
        // Aliases that multiply would fill the memory from a few lines.
        return await check(document.toJS({ maxAliasCount: 100 }), rules);
      } catch (cause) {
        return { problem: cause instanceof Error ? cause.message : String(cause) };
      }
    }),
  );
}

async function check(value: unknown, rules: DocumentRules): Promise<Read> {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message, ...issue }) =>
      issue.code === 'unrecognized_keys' ? unknownField(issue.keys) : `${path.join('.') || 'the whole'}: ${message}`,
    );
    return { problem: problems.join('; ') };
  }
  const { name, teams, document, budgets, rateLimits } = parsed.data;
  const twice = firstTwice(budgets.map(budgetLabel)) ?? firstTwice(rateLimits.map(labelOf));
  if (twice !== undefined) return { problem: `the limit of ${twice} stands there twice` };
  try {
    await parseTenantDocument(document, rules);
  } catch (error) {
    if (!isParsimonyError(error)) throw error;
    return { problem: `document${error.param ? `.${error.param}` : ''}: ${error.message}` };
  }
  return { name, teams: [...new Set(teams)], document, budgets, rateLimits };
}

function firstTwice(labels: readonly string[]): string | undefined {
  return labels.find((label, index) => labels.indexOf(label) < index);
}

function unknownField(keys: readonly string[]): string {
  const [key = ''] = keys;
  const nearest = nearestName(key, FIELDS);
  return `${key}: unknown field${nearest ? `; did you mean ${nearest}?` : `; known are ${FIELDS.join(', ')}`}`;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
