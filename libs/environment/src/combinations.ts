import type { Environment } from './environment-schema.js';

type Name = keyof Environment;

/** A variable that means nothing, or something else, without others. */
interface Rule {
  readonly set: Name;
  readonly needs: readonly Name[];
  readonly because: string;
}

const RULES: readonly Rule[] = [
  {
    set: 'PARSIMONY_BUDGETS_URL',
    needs: ['PARSIMONY_SERVICE_TOKEN'],
    because: 'the budgets service at that address answers nobody without it',
  },
  { set: 'PARSIMONY_TLS_CERT', needs: ['PARSIMONY_TLS_KEY'], because: 'a certificate serves with its key' },
  { set: 'PARSIMONY_TLS_KEY', needs: ['PARSIMONY_TLS_CERT'], because: 'a key serves with its certificate' },
  { set: 'QDRANT_API_KEY', needs: ['QDRANT_URL'], because: 'the key is for that server' },
  { set: 'AZURE_OPENAI_API_KEY', needs: ['AZURE_OPENAI_ENDPOINT'], because: 'the key is for that resource' },
  { set: 'AZURE_OPENAI_API_VERSION', needs: ['AZURE_OPENAI_ENDPOINT'], because: 'it is a version of that resource' },
  {
    set: 'AZURE_CLIENT_SECRET',
    needs: ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID'],
    because: 'Entra gives a token for the three together',
  },
  {
    set: 'PARSIMONY_MASTER_KEY_PREVIOUS',
    needs: ['PARSIMONY_MASTER_KEY'],
    because: 'what the previous one sealed is sealed anew by it',
  },
  {
    set: 'PARSIMONY_CEILING_INPUT_USD',
    needs: ['PARSIMONY_CEILING_OUTPUT_USD'],
    because: 'an unknown model has both prices',
  },
  {
    set: 'PARSIMONY_CEILING_OUTPUT_USD',
    needs: ['PARSIMONY_CEILING_INPUT_USD'],
    because: 'an unknown model has both prices',
  },
  {
    set: 'PARSIMONY_OIDC_ISSUER',
    needs: ['PARSIMONY_OIDC_AUDIENCE'],
    because: 'a token that was made for another service must not open this one',
  },
  { set: 'PARSIMONY_OIDC_AUDIENCE', needs: ['PARSIMONY_OIDC_ISSUER'], because: 'it is an audience of that issuer' },
];

/** What is wrong with variables that are right each by itself. */
export function combinationProblems(isSet: (name: Name) => boolean): string[] {
  const problems = RULES.filter(({ set }) => isSet(set)).flatMap(({ set, needs, because }) =>
    needs.filter((name) => !isSet(name)).map((name) => `${set} needs ${name} as well: ${because}`),
  );
  if (isSet('AZURE_OPENAI_ENDPOINT') && !isSet('AZURE_OPENAI_API_KEY') && !isSet('AZURE_CLIENT_SECRET')) {
    problems.push(
      'AZURE_OPENAI_ENDPOINT needs AZURE_OPENAI_API_KEY, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET',
    );
  }
  return problems;
}
