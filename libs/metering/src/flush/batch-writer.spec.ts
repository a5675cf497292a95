import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RejectedRows, writeAround } from './batch-writer.js';

let folder: string;
let rejects: RejectedRows;
let told: unknown[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parsimony-rejects-'));
  told = [];
  rejects = new RejectedRows(join(folder, 'rejected.rows'), (error) => told.push(error));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A table that refuses batches in which a row says so, as PostgreSQL does: whole. */
class Table {
  readonly rows: string[] = [];
  batches = 0;

  constructor(private readonly code = '22P02') {}

  readonly write = (batch: Buffer): Promise<void> => {
    this.batches++;
    const rows = batch.toString().split('\n').slice(0, -1);
    const error = Object.assign(new Error('refused'), { code: this.code });
    if (rows.some((row) => row.includes('poison'))) return Promise.reject(error);
    this.rows.push(...rows);
    return Promise.resolve();
  };
}

const rows = (...names: readonly string[]): Buffer => Buffer.from(names.map((name) => `${name}\n`).join(''));

describe('writeAround', () => {
  it('writes a batch at once where nothing is wrong', async () => {
    const table = new Table();
    await writeAround(rows('a', 'b', 'c'), table.write, rejects);
    expect(table).toMatchObject({ rows: ['a', 'b', 'c'], batches: 1 });
    expect(existsSync(rejects.path)).toBe(false);
  });

  it.each(Array.from({ length: 9 }, (_, at) => at))('writes around a poisonous row at %i of 9', async (at) => {
    const names = Array.from({ length: 9 }, (_, index) => (index === at ? 'poison' : `row ${'x'.repeat(index * 5)}`));
    const table = new Table();
    await writeAround(rows(...names), table.write, rejects);
    expect(table.rows).toEqual(names.filter((name) => name !== 'poison'));
    expect(readFileSync(rejects.path, 'utf8')).toBe('poison\n');
    expect(rejects.count).toBe(1);
    expect(told).toMatchObject([{ code: '22P02' }]);
  });

  it('finds one among a thousand in few tries', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => (index === 617 ? 'poison' : `row ${index}`));
    const table = new Table('23514');
    await writeAround(rows(...names), table.write, rejects);
    expect(table.rows).toHaveLength(999);
    expect(table.batches).toBeLessThan(30);
  });

  it('puts them aside where all are poisonous', async () => {
    const table = new Table();
    await writeAround(rows('poison 1', 'poison 2', 'poison 3'), table.write, rejects);
    expect(readFileSync(rejects.path, 'utf8')).toBe('poison 1\npoison 2\npoison 3\n');
    expect(table.rows).toEqual([]);
  });

  it.each(['57P01', '53100', 'ECONNREFUSED', '40001'])('blames no row for %s', async (code) => {
    await expect(writeAround(rows('poison'), new Table(code).write, rejects)).rejects.toMatchObject({ code });
    expect(existsSync(rejects.path)).toBe(false);
  });
});
