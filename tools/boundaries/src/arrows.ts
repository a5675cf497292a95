/**
 * Who may import whom, by the tags in each project's package.json (`nx.tags`). A project needs the leave of every one of
 * its tags, so a library may import those below it and no others.
 *
 * The linter's configuration reads this file without a build: it must not import another of ours.
 */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'type:contract': [],
  'type:pipeline': ['type:contract'],
  'type:testkit': ['type:contract'],
  'type:lib': ['type:contract', 'type:lib'],
  'type:plugin': ['type:contract'],
  'type:app': ['type:contract', 'type:pipeline', 'type:lib', 'type:plugin'],
  'type:tool': ['*'],
};

/** The libraries from the lowest to the highest: what each may import besides the contract. */
export const LIBRARY_ARROWS: Readonly<Record<string, readonly string[]>> = {
  environment: [],
  embeddings: [],
  persistence: [],
  pricing: [],
  network: [],
  protocols: [],
  providers: ['network', 'protocols'],
  resilience: [],
  telemetry: [],
  tokens: [],
  vectors: [],
  metering: ['pricing', 'providers', 'tokens'],
  tenancy: ['network', 'persistence'],
  leases: [],
  budgets: ['persistence', 'tenancy'],
};

/** npm packages that a kind of project does without. */
const BANNED_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'type:contract': ['*'],
  'type:pipeline': ['@nestjs/*'],
  'type:testkit': ['@nestjs/*'],
  'type:lib': ['@nestjs/*'],
  'type:plugin': ['@nestjs/*'],
};

/** What a plugin's specs may import on top: no more than a third party's can. */
export const PLUGIN_SPEC_IMPORTS: readonly string[] = [
  'vitest',
  '@parsimony/testkit',
  '@parsimony/testkit/*',
  '@parsimony/persistence/testing',
];

/** What the specs of apps and libraries may import on top: the real parts that they run against. */
export const SPEC_IMPORTS: readonly string[] = [
  ...PLUGIN_SPEC_IMPORTS,
  '@parsimony/network',
  '@parsimony/simulator',
  '@parsimony/budgets-service',
];

/** One entry of `depConstraints`, as `@nx/enforce-module-boundaries` names it. */
interface Constraint {
  readonly sourceTag: string;
  readonly onlyDependOnLibsWithTags: readonly string[];
  readonly bannedExternalImports?: readonly string[];
}

export interface BoundaryOptions {
  readonly allow: readonly string[];
  readonly depConstraints: readonly Constraint[];
}

/**
 * @param allow import specifiers that pass whatever the tags say; `*` stands for any characters
 * @returns the options of `@nx/enforce-module-boundaries` that hold the arrows above
 */
export function boundaryOptions(allow: readonly string[] = []): BoundaryOptions {
  const libraries = Object.entries(LIBRARY_ARROWS).map(([name, below]) =>
    constraint(`lib:${name}`, ['type:contract', ...below.map((library) => `lib:${library}`)]),
  );
  return { allow, depConstraints: [...Object.entries(ARROWS).map(([tag, to]) => constraint(tag, to)), ...libraries] };
}

function constraint(sourceTag: string, onlyDependOnLibsWithTags: readonly string[]): Constraint {
  const banned = BANNED_PACKAGES[sourceTag];
  return { sourceTag, onlyDependOnLibsWithTags, ...(banned && { bannedExternalImports: banned }) };
}
