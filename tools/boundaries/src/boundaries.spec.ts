import { beforeAll, describe, expect, it } from 'vitest';
import { readProjects, type Project } from '../test/projects.js';
import { WorkspaceLinter } from '../test/workspace-linter.js';
import { ARROWS, LIBRARY_ARROWS } from './arrows.js';

const linter = new WorkspaceLinter();
let projects: readonly Project[];

beforeAll(async () => {
  projects = await readProjects();
});

describe('refused', () => {
  it.each([
    ['contract → library', 'libs/contract/src/probe.ts', '@parsimony/pricing'],
    ['contract → pipeline', 'libs/contract/src/probe.ts', '@parsimony/pipeline'],
    ['contract → npm package', 'libs/contract/src/probe.ts', 'zod'],
    ['pipeline → library', 'libs/pipeline/src/probe.ts', '@parsimony/metering'],
    ['pipeline → Nest', 'libs/pipeline/src/probe.ts', '@nestjs/common'],
    ['pipeline → testkit outside of a spec', 'libs/pipeline/src/probe.ts', '@parsimony/testkit'],
    ['library → pipeline', 'libs/tenancy/src/probe.ts', '@parsimony/pipeline'],
    ['library → library beside it', 'libs/tokens/src/probe.ts', '@parsimony/pricing'],
    ['library → library that is not below it', 'libs/tenancy/src/probe.ts', '@parsimony/metering'],
    ['library → library above it', 'libs/providers/src/probe.ts', '@parsimony/metering'],
    ['library → plugin', 'libs/metering/src/probe.ts', '@parsimony/request-policy'],
    ['library → app', 'libs/metering/src/probe.ts', '@parsimony/gateway'],
    ['library → tool', 'libs/providers/src/probe.ts', '@parsimony/simulator'],
    ['library → Nest', 'libs/metering/src/probe.ts', '@nestjs/common'],
    ['library → test database', 'libs/tenancy/src/probe.ts', '@parsimony/persistence/testing'],
    ['testkit → library', 'libs/testkit/src/probe.ts', '@parsimony/tokens'],
    ['plugin → library', 'plugins/request-policy/src/probe.ts', '@parsimony/tokens'],
    ['plugin → pipeline', 'plugins/request-policy/src/probe.ts', '@parsimony/pipeline'],
    ['plugin → testkit outside of a spec', 'plugins/request-policy/src/probe.ts', '@parsimony/testkit'],
    ['plugin → real parts in a spec', 'plugins/request-policy/src/probe.spec.ts', '@parsimony/simulator'],
    ['app → app', 'apps/cli/src/probe.ts', '@parsimony/gateway'],
    ['app → tool', 'apps/gateway/src/probe.ts', '@parsimony/simulator'],
    ['app → testkit outside of a spec', 'apps/gateway/src/probe.ts', '@parsimony/testkit'],
    ['app → test database', 'apps/gateway/src/probe.ts', '@parsimony/persistence/testing'],
    ['spec → library that is not below its own', 'libs/metering/src/probe.spec.ts', '@parsimony/persistence'],
    ['spec → tool other than the simulator', 'apps/gateway/test/probe.spec.ts', '@parsimony/demo'],
    ['into another project by path', 'apps/gateway/src/probe.ts', '../../../libs/tokens/src/index.js'],
  ])('%s', async (_arrow, file, specifier) => {
    expect(await linter.import(file, specifier)).not.toEqual([]);
  });

  it('a circle of projects, as such', async () => {
    const [message] = await linter.import('libs/contract/src/probe.ts', '@parsimony/tenancy');
    expect(message).toMatch(/^Circular dependency between "@parsimony\/contract" and "@parsimony\/tenancy"/);
  });
});

describe('let through', () => {
  it.each([
    ['library → contract', 'libs/tokens/src/probe.ts', '@parsimony/contract'],
    ['library → library below it', 'libs/metering/src/probe.ts', '@parsimony/pricing'],
    ['library → npm package', 'libs/pricing/src/probe.ts', 'zod'],
    ['plugin → contract', 'plugins/request-policy/src/probe.ts', '@parsimony/contract'],
    ['plugin → testkit in a spec', 'plugins/request-policy/src/probe.spec.ts', '@parsimony/testkit/vitest'],
    ['app → pipeline', 'apps/gateway/src/probe.ts', '@parsimony/pipeline'],
    ['app → library', 'apps/gateway/src/probe.ts', '@parsimony/metering'],
    ['app → plugin', 'apps/gateway/src/probe.ts', '@parsimony/request-policy'],
    ['app → Nest', 'apps/gateway/src/probe.ts', '@nestjs/common'],
    ['spec → test database', 'libs/metering/src/probe.spec.ts', '@parsimony/persistence/testing'],
    ['spec → simulator', 'apps/gateway/test/probe.ts', '@parsimony/simulator'],
    ['spec of the contract → vitest', 'libs/contract/src/probe.spec.ts', 'vitest'],
    ['tool → app', 'tools/bench/src/probe.ts', '@parsimony/gateway'],
    ['tool → test database', 'tools/bench/src/probe.ts', '@parsimony/persistence/testing'],
  ])('%s', async (_arrow, file, specifier) => {
    expect(await linter.import(file, specifier)).toEqual([]);
  });
});

describe('every project', () => {
  it('has one type, and a library a place in the order', () => {
    expect(projects.length).toBeGreaterThan(10);
    for (const { name, root, tags } of projects) {
      const types = tags.filter((tag) => tag.startsWith('type:'));
      expect(types.length, `types of ${name}`).toBe(1);
      expect(Object.keys(ARROWS), name).toContain(types[0]);
      if (types[0] !== 'type:lib') continue;
      expect(tags, name).toContain(`lib:${root.replace('libs/', '')}`);
      expect(Object.keys(LIBRARY_ARROWS), name).toContain(root.replace('libs/', ''));
    }
  });

  it('may import those that all of its tags lead to, and no others', async () => {
    for (const source of projects.filter(({ tags }) => !tags.includes('type:tool'))) {
      const targets = projects.filter((target) => target.importable && target !== source);
      const through = await Promise.all(
        targets.map(async ({ name }) => (await linter.import(`${source.root}/src/probe.ts`, name)).length === 0),
      );
      expect(
        targets.filter((_, index) => through[index]).map(({ name }) => name),
        source.name,
      ).toEqual(targets.filter((target) => mayImport(source, target)).map(({ name }) => name));
    }
  });
});

it('the order of the libraries has no circle: each stands above what it imports', () => {
  const order = Object.keys(LIBRARY_ARROWS);
  for (const [index, name] of order.entries())
    for (const below of LIBRARY_ARROWS[name] ?? []) expect(order.slice(0, index), name).toContain(below);
});

function mayImport(source: Project, target: Project): boolean {
  return source.tags.every((tag) => {
    const below = LIBRARY_ARROWS[tag.replace('lib:', '')]?.map((name) => `lib:${name}`);
    const arrows = below ? [...below, 'type:contract'] : (ARROWS[tag] ?? []);
    return target.tags.some((targetTag) => arrows.includes(targetTag));
  });
}
