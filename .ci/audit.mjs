// Fails where a package that the product runs on has a known weakness of high severity. A registry that does not offer
// the audit (many mirrors do not) says nothing about weaknesses: that is said loudly and is no failure.
import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', maxBuffer: 1 << 28 });
const report = parse(stdout);
const found = report?.metadata?.vulnerabilities;
if (!found) console.warn('NOT AUDITED: the registry does not answer `npm audit`; run it against one that does');
else {
  console.log(`known weaknesses: ${JSON.stringify(found)}`);
  for (const [name, { severity, range }] of Object.entries(report.vulnerabilities))
    console.log(`${severity}: ${name} ${range}`);
  if (found.high + found.critical > 0) process.exitCode = 1;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
