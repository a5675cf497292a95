import { describe, expect, it } from 'vitest';
import { aLedgerCall, aSettledLine } from '../../test/a-row.js';
import { decodeGroups, encodeLine, isSettlement, rowKey, sealGroup } from './journal-line.js';

function group(...rows: readonly string[]): Buffer {
  return sealGroup(rows.map((row, index) => encodeLine(index % 2 === 0 ? 'R' : 'S', row)).join(''));
}

const FIRST = group('a\tb\tc\t0\trest', 'a\tb\tc\t1\tRest 😀', 'C\t00000000');
const SECOND = group('d\te\tf\t0\tlonger rest with \\n in it');
const LAST = group('g\th\ti\t0\tlast', 'j\tk\tl\t2\tвторой');

function rowsOf(bytes: Buffer): string[] {
  return decodeGroups(bytes).lines.map(({ kind, row }) => `${kind} ${row.toString()}`);
}

describe('groups of lines', () => {
  it('are read as they were written', () => {
    expect(decodeGroups(Buffer.alloc(0))).toEqual({ lines: [], damaged: 0, consumed: 0 });
    const bytes = Buffer.concat([FIRST, SECOND]);
    expect(decodeGroups(bytes)).toMatchObject({ damaged: 0, consumed: bytes.length });
    expect(rowsOf(bytes)).toEqual([
      'R a\tb\tc\t0\trest\n',
      'S a\tb\tc\t1\tRest 😀\n',
      'R C\t00000000\n',
      'R d\te\tf\t0\tlonger rest with \\n in it\n',
    ]);
  });

  it('are left out where a power cut tore the last one, at whichever byte', () => {
    const before = rowsOf(Buffer.concat([FIRST, SECOND]));
    for (let kept = 0; kept < LAST.length; kept++) {
      const bytes = Buffer.concat([FIRST, SECOND, LAST.subarray(0, kept)]);
      expect(rowsOf(bytes)).toEqual(before);
      expect(decodeGroups(bytes)).toMatchObject({ damaged: 0, consumed: FIRST.length + SECOND.length });
    }
    expect(rowsOf(Buffer.concat([FIRST, SECOND, LAST]))).toHaveLength(before.length + 2);
  });

  it('are left out and counted where a byte of them is not what was written', () => {
    const whole = rowsOf(Buffer.concat([FIRST, SECOND, LAST]));
    for (let at = 0; at < LAST.length - 1; at++) {
      const garbled = Buffer.from(LAST);
      garbled[at] = (garbled[at] ?? 0) ^ 0x41;
      const bytes = Buffer.concat([FIRST, SECOND, garbled]);
      expect(rowsOf(bytes)).toEqual(whole.slice(0, -2));
      const { damaged, consumed } = decodeGroups(bytes);
      expect(damaged === 1 || consumed < bytes.length).toBe(true);
    }
  });

  it('in the middle take no other group with them', () => {
    const garbled = Buffer.from(SECOND);
    garbled[10] = 0;
    const bytes = Buffer.concat([FIRST, garbled, LAST]);
    expect(decodeGroups(bytes)).toMatchObject({ damaged: 1, consumed: bytes.length });
    expect(rowsOf(bytes)).toEqual([...rowsOf(FIRST), ...rowsOf(LAST)]);
  });

  it('are left out where the file system has filled them with zeros', () => {
    const bytes = Buffer.concat([FIRST, Buffer.alloc(SECOND.length)]);
    expect(rowsOf(bytes)).toEqual(rowsOf(FIRST));
    expect(decodeGroups(bytes).consumed).toBe(FIRST.length);
  });
});

describe('a line', () => {
  it('is named by tenant, time, call and rung', () => {
    const call = aLedgerCall();
    const key = rowKey(Buffer.from(aSettledLine(call)));
    expect(key).toBe(`${call.caller.tenantId}\t${new Date(call.receivedAt).toISOString()}\t${call.id}\t0`);
  });

  it('says whether it is a settlement', () => {
    const bytes = Buffer.from(encodeLine('R', 'x') + encodeLine('S', 'y'));
    expect(isSettlement(bytes, 0)).toBe(false);
    expect(isSettlement(bytes, 4)).toBe(true);
  });
});
