import { existsSync, globSync } from 'node:fs';
import { validate, ValidationSeverity } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { pathOf, textOf } from './repository.js';

interface Instruction {
  readonly keyword: string;
  readonly words: string;
}

/** Instructions of a Dockerfile in order, continuation lines joined, comments left out. */
function instructionsOf(text: string): Instruction[] {
  return text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [keyword = '', ...words] = line.trim().split(/\s+/);
      return { keyword, words: words.join(' ') };
    });
}

const text = textOf('Dockerfile');
const instructions = instructionsOf(text);
const stages = instructions.reduce<Instruction[][]>((found, instruction) => {
  if (instruction.keyword === 'FROM') found.push([]);
  found.at(-1)?.push(instruction);
  return found;
}, []);
const last = stages.at(-1) ?? [];
const wordsOf = (keyword: string): string[] =>
  last.filter((instruction) => instruction.keyword === keyword).map(({ words }) => words);

describe('the Dockerfile', () => {
  it('satisfies its linter', () => {
    const severity = ValidationSeverity.ERROR;
    const problems = validate(text, {
      deprecatedMaintainer: severity,
      directiveCasing: severity,
      emptyContinuationLine: severity,
      instructionCasing: severity,
      instructionCmdMultiple: severity,
      instructionEntrypointMultiple: severity,
      instructionHealthcheckMultiple: severity,
      instructionJSONInSingleQuotes: severity,
      instructionWorkdirRelative: severity,
    });
    expect(problems.map(({ message, range }) => `${range.start.line + 1}: ${JSON.stringify(message)}`)).toEqual([]);
  });

  it('begins every stage with one pinned image, of the Node that package.json asks for', () => {
    const [image] = instructions.filter(({ keyword }) => keyword === 'ARG').map(({ words }) => words);
    expect(image).toMatch(/^NODE_IMAGE=node:\d+\.\d+\.\d+-\w+-slim$/);
    const wished = (JSON.parse(textOf('package.json')) as { dependencies: { node: string } }).dependencies.node;
    expect(image).toContain(`node:${wished.replace('^', '')}-`);
    const froms = instructions.filter(({ keyword }) => keyword === 'FROM').map(({ words }) => words.split(' ')[0]);
    expect(new Set(froms)).toEqual(new Set(['${NODE_IMAGE}', 'base']));
  });

  it('runs as nobody in particular, stops by SIGTERM and says whether it is well', () => {
    expect(wordsOf('USER')).toEqual(['1000:1000']);
    expect(wordsOf('STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(wordsOf('HEALTHCHECK')).toEqual([expect.stringMatching(/CMD \["node", "\/app\/healthcheck\.mjs"\]$/)]);
    // A shell between would swallow the signal.
    expect(wordsOf('CMD')).toEqual([expect.stringMatching(/^\["node", /)]);
    expect(wordsOf('VOLUME')).toEqual(['/data']);
  });

  it('installs nothing but what the lock names, without scripts, and no tools for the image that runs', () => {
    const installs = instructions.filter(({ words }) => /\bnpm\b/.test(words)).map(({ words }) => words);
    expect(installs.length).toBeGreaterThan(0);
    for (const words of installs) expect(words).toMatch(/^npm ci .*--ignore-scripts/);
    expect(last.some(({ words }) => /\bnpm\b/.test(words))).toBe(false);
    expect(text).toMatch(/npm ci --omit=dev/);
    expect(text).not.toMatch(/\b(curl|wget|apt-get)\b|^ADD /m);
  });

  it('holds no secret', () => {
    for (const { words } of instructions.filter(({ keyword }) => keyword === 'ENV' || keyword === 'ARG')) {
      expect(words).not.toMatch(/KEY|SECRET|PASSWORD|TOKEN/);
    }
  });

  it('copies and starts what is there', () => {
    const sources = instructions
      .filter(({ keyword, words }) => keyword === 'COPY' && !words.includes('--from'))
      .flatMap(({ words }) => words.split(' ').slice(0, -1));
    for (const source of sources) expect(existsSync(pathOf(source)), source).toBe(true);
    for (const [, app] of text.matchAll(/apps\/(\w+)\/dist\/main\.js/g)) {
      expect(existsSync(pathOf(`apps/${app}/src/main.ts`)), app).toBe(true);
    }
  });
});

describe('.dockerignore', () => {
  it('keeps secrets, history and what the build makes anew out of the image', () => {
    const lines = textOf('.dockerignore').split('\n');
    for (const line of ['.git', '.env', '.env.*', '**/node_modules', '**/dist', '.parsimony'])
      expect(lines).toContain(line);
    expect(globSync('deploy/healthcheck.mjs', { cwd: pathOf('.') })).toHaveLength(1);
  });
});
