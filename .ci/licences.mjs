// Prints what licences the packages bear that the product runs on, and fails where one is not among those that may be
// distributed with it. `npm query` knows which packages are needed in production, in all workspaces.
import { execFileSync } from 'node:child_process';

const ALLOWED = new Set([
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'MPL-2.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
]);

/** Names that are no SPDX identifiers and yet mean one. */
const MEANT = { 'Apache 2.0': 'Apache-2.0' };

const packages = JSON.parse(execFileSync('npm', ['query', '.prod'], { encoding: 'utf8', maxBuffer: 1 << 28 }));
const byLicence = new Map();
for (const { name, version, license } of packages) {
  const named = typeof license === 'string' ? license : (license?.type ?? 'unknown');
  const licence = MEANT[named] ?? named;
  byLicence.set(licence, [...(byLicence.get(licence) ?? []), `${name}@${version}`]);
}
const refused = [...byLicence].filter(([licence]) => !allows(licence));
for (const [licence, names] of [...byLicence].toSorted(([, a], [, b]) => b.length - a.length))
  console.log(`${String(names.length).padStart(5)}  ${licence}`);
for (const [licence, names] of refused) console.error(`not allowed: ${licence}: ${names.join(', ')}`);
process.exitCode = refused.length > 0 ? 1 : 0;

/** Of a choice one must be allowed, of a conjunction all (SPDX 3, licence expressions; nested ones are refused). */
function allows(expression) {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  if (plain.includes(' OR ')) return plain.split(' OR ').some((licence) => ALLOWED.has(licence));
  return plain.split(' AND ').every((licence) => ALLOWED.has(licence));
}
