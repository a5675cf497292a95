import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { coresOf, pinTo } from './affinity.js';
import { cpuSeconds, parseRunTime } from './cpu-time.js';
import { childrenOf, parentOf, parseParent, processTree } from './process-tree.js';

/** A process that begets another, and says when it is there. */
const BEGET = `
  import { spawn } from 'node:child_process';
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  process.on('disconnect', () => { child.kill('SIGKILL'); process.exit(0); });
  process.send(child.pid);`;

async function withFamily<Result>(use: (parent: number, child: number) => Promise<Result> | Result): Promise<Result> {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', BEGET], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const [child] = (await once(parent, 'message')) as [number];
    return await use(parent.pid ?? 0, child);
  } finally {
    const exited = once(parent, 'exit');
    parent.disconnect();
    await exited;
  }
}

describe('the process tree', () => {
  it('is found from both ends', () =>
    withFamily((parent, child) => {
      expect(childrenOf(parent)).toEqual([child]);
      expect(processTree(parent)).toEqual([parent, child]);
      expect(parentOf(child)).toBe(parent);
      expect(parentOf(parent)).toBe(process.pid);
    }));

  it('reads names with brackets and spaces in them', () => expect(parseParent('7 (a) b) R 3 7 7 0')).toBe(3));
  it('is empty where there is no process', () => expect(childrenOf(2 ** 30)).toEqual([]));
});

describe('cpuSeconds', () => {
  it('agrees with what a process says of itself', () => {
    const { user, system } = process.cpuUsage();
    const before = cpuSeconds([process.pid]);
    expect(Math.abs(before - (user + system) / 1e6)).toBeLessThan(0.5);
    const until = performance.now() + 100;
    while (performance.now() < until);
    expect(cpuSeconds([process.pid]) - before).toBeGreaterThan(0.01);
  });

  it('refuses a process that is not there', () => expect(() => cpuSeconds([2 ** 30])).toThrow('has ended'));
  it('refuses a text without a time', () => expect(() => parseRunTime('')).toThrow('no run time'));
});

describe('pinTo', () => {
  it('leaves a process and what it started to one core', () =>
    withFamily(async (parent, child) => {
      const first = (await coresOf(parent)).split(/[-,]/)[0] ?? '';
      await pinTo(first, processTree(parent));
      expect([await coresOf(parent), await coresOf(child)]).toEqual([first, first]);
    }));
});
