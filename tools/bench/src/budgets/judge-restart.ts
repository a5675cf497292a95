import { formatUsd } from '@parsimony/contract';
import { exactly, type Finding } from '../report/finding.js';
import { RESTARTS, type RestartRun } from './run-restart.js';

const REFUSED = /^(402|429|503) /;

export function judgeRestart({ results, restarts, audit, bill }: RestartRun): Finding[] {
  const failed = results.filter(({ outcome }) => outcome !== 'answered');
  const refused = failed.filter(({ problem = '' }) => REFUSED.test(problem)).length;
  return [
    exactly('restart: times that the service was killed under load', restarts, RESTARTS),
    exactly('restart: calls that were refused', refused, 0),
    exactly('restart: calls that failed otherwise', failed.length - refused, 0),
    {
      what: 'restart: ledger, and what the budget says is spent, against the bill',
      measured: `$${formatUsd(audit.ledger)}, $${formatUsd(audit.standing.spent)}`,
      target: `$${formatUsd(bill)}`,
      met: audit.ledger === bill && audit.standing.spent === bill && bill > 0n,
    },
  ];
}
