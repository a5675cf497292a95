import { existsSync, readFileSync } from 'node:fs';

/** Prints `N passed, N failed` from Vitest's JSON report; a file that broke before its tests ran is one failure. */
const [, , path] = process.argv;
const files = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).testResults : [];
const counts = files.map(({ status, assertionResults }) => {
  const having = (wanted) => assertionResults.filter((test) => test.status === wanted).length;
  const broken = status === 'failed' && having('failed') === 0 ? 1 : 0;
  return { passed: having('passed'), failed: having('failed') + broken };
});
const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
