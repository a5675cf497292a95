import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const NEEDED_NODE = 24;
const GIBIBYTE = 2 ** 30;
const LITTLE_SPACE = 2 * GIBIBYTE;
const TOO_LITTLE_SPACE = GIBIBYTE / 4;

export async function checkRuntime({ home }: Patient): Promise<readonly Finding[]> {
  return [checkNode(process.versions.node), await checkDisk(home)];
}

export function checkNode(version: string): Finding {
  return Number(version.split('.')[0]) >= NEEDED_NODE
    ? ok('Node', `version ${version}`)
    : fail('Node', `version ${version} is too old`, `run it on Node ${NEEDED_NODE}; npm scripts do so by themselves`);
}

async function checkDisk(home: string): Promise<Finding> {
  const { path, free } = await freeBytes(home);
  const message = `${(free / GIBIBYTE).toFixed(1)} GiB free at ${path}`;
  const action = 'make room: where the journal cannot be written, calls are refused';
  if (free < TOO_LITTLE_SPACE) return fail('disk', message, action);
  return free < LITTLE_SPACE ? warn('disk', message, action) : ok('disk', message);
}

/** Of the folder, or of the nearest one above it that is there. */
async function freeBytes(path: string): Promise<{ readonly path: string; readonly free: number }> {
  const space = await statfs(path).catch(() => undefined);
  if (space) return { path, free: space.bavail * space.bsize };
  const above = dirname(path);
  if (above === path) throw new Error(`the free space at ${path} is unknown`);
  return freeBytes(above);
}
