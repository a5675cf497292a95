import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as contract from './index.js';
import { ERROR_CLASSES, ERROR_MARK, isParsimonyError, ParsimonyError, ProviderError } from './index.js';

interface TableRow {
  readonly code: string;
  readonly status: string;
  readonly className: string;
  readonly meaning: string;
}

const ROW = /^\| `(?<code>[^`]+)` +\| (?<status>[^|]+?) +\| `(?<className>[^`]+)` +\| (?<meaning>.+?) +\|$/gm;

function tableOf(markdown: string): TableRow[] {
  return [...markdown.matchAll(ROW)].map(({ groups }) => groups as unknown as TableRow);
}

const table = tableOf(readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8'));
const providerError = new ProviderError('slow down', 429, new Uint8Array(), { 'retry-after': '7' });
const errors: readonly ParsimonyError[] = ERROR_CLASSES.map((ErrorClass) => new ErrorClass('what went wrong'));

describe('docs/errors.md, the classes and their codes', () => {
  it('agree on code, status and class, in one order', () => {
    const rows = table.filter(({ code }) => code !== 'provider_error');
    const documented = rows.map(({ code, status, className }) => ({ code, status: Number(status), className }));
    expect(errors.map(({ code, status, name }) => ({ code, status, className: name }))).toEqual(documented);
  });

  it("say that a provider's own error keeps the provider's status", () => {
    const row = table.find(({ code }) => code === providerError.code);
    expect(row).toMatchObject({ className: providerError.name, status: "the provider's" });
    expect(providerError).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
  });

  it('know every error class that the contract exports, and no other', () => {
    const exported = Object.values(contract).flatMap((value: unknown) =>
      typeof value === 'function' && value.prototype instanceof ParsimonyError ? [value.name] : [],
    );
    expect(table.map(({ className }) => className).toSorted()).toEqual(exported.toSorted());
  });

  it('have a line of meaning each, and no code twice', () => {
    for (const { meaning } of table) expect(meaning).toMatch(/^[A-Z].+\.$/);
    expect(new Set(table.map(({ code }) => code)).size).toBe(table.length);
  });

  it('have codes in snake case and statuses that HTTP knows as errors', () => {
    for (const { code, status } of errors) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
    }
  });
});

describe('a ParsimonyError', () => {
  it.each(errors.map((error) => [error.name, error] as const))('%s has the OpenAI shape', (_, error) => {
    const { code, type } = error;
    expect(error.toBody()).toEqual({ error: { message: 'what went wrong', type, code, param: null } });
    expect(error).toBeInstanceOf(Error);
  });

  it('carries the field, the cause and header lines', () => {
    const cause = new Error('below');
    const error = new contract.InvalidRequest('wrong', { param: 'n', cause, headers: { 'retry-after': '1' } });
    expect(error.toBody().error.param).toBe('n');
    expect(error).toMatchObject({ cause, headers: { 'retry-after': '1' } });
  });

  it('is known by its mark, also from another copy of the contract', () => {
    const foreign = Object.assign(new Error('from another copy'), { [Symbol.for('parsimony.error')]: true });
    expect(isParsimonyError(foreign)).toBe(true);
    expect(isParsimonyError(providerError)).toBe(true);
    expect(ERROR_MARK).toBe(Symbol.for('parsimony.error'));
    for (const other of [new Error('plain'), null, undefined, 'text', { code: 'invalid_request' }])
      expect(isParsimonyError(other)).toBe(false);
  });
});
