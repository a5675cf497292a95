import { formatUsd } from '@parsimony/contract';
import type { PicoDollars } from '@parsimony/contract';
import type { Budget } from './budget.js';

/** Something about a budget that is allowed and may yet not be what was meant. */
export interface BudgetWarning {
  readonly kind: 'larger-than-parent' | 'smaller-than-child' | 'below-spent';
  readonly message: string;
  /** The other budget that it is about. */
  readonly budgetId: string | null;
}

/**
 * What to tell whoever set a budget.
 *
 * @param others budgets of the same tenant; the budget itself may be among them.
 * @param spent in the period that holds now, where the caller knows it.
 */
export function warningsFor(budget: Budget, others: readonly Budget[], spent?: PicoDollars): readonly BudgetWarning[] {
  const related = others.filter((other) => other.id !== budget.id && other.period === budget.period);
  const parents = related.filter((other) => other.amount < budget.amount && isWithin(budget, other));
  const children = related.filter((other) => other.amount > budget.amount && isWithin(other, budget));
  return [
    ...(spent !== undefined && spent > budget.amount ? [belowSpent(budget, spent)] : []),
    ...parents.map((parent) => ({
      kind: 'larger-than-parent' as const,
      message: `${phrase(parent)} binds first`,
      budgetId: parent.id,
    })),
    ...children.map((child) => ({
      kind: 'smaller-than-child' as const,
      message: `it binds before ${phrase(child)}`,
      budgetId: child.id,
    })),
  ];
}

function belowSpent({ amount, mode }: Budget, spent: PicoDollars): BudgetWarning {
  const effect = mode === 'HARD' ? 'calls are refused until the period ends' : 'it is passed already';
  return {
    kind: 'below-spent',
    message: `${dollars(spent)} are spent in this period, more than the limit of ${dollars(amount)}: ${effect}`,
    budgetId: null,
  };
}

/** Whether every call that the child counts is one that the parent counts. */
function isWithin(child: Budget, parent: Budget): boolean {
  const teams = teamsOf(child);
  const parentTeams = teamsOf(parent);
  if (parentTeams !== null && !teams?.every((team) => parentTeams.includes(team))) return false;
  if (parent.keyId !== null && parent.keyId !== child.keyId) return false;
  return parent.tag === null || (parent.tag.key === child.tag?.key && parent.tag.value === child.tag.value);
}

/** Null: of whichever team. */
function teamsOf({ teamId, pooledTeamIds }: Budget): readonly string[] | null {
  return pooledTeamIds ?? (teamId === null ? null : [teamId]);
}

/** For example `the tenant's month budget of 100 USD`. */
function phrase(budget: Budget): string {
  const { name, pooledTeamIds, keyId, teamId, tag, period, amount } = budget;
  const owner =
    pooledTeamIds !== null
      ? `the pool "${name}"`
      : keyId !== null
        ? 'the key'
        : teamId !== null
          ? 'the team'
          : 'the tenant';
  const tagged = tag === null ? '' : ` for ${tag.key}=${tag.value}`;
  return `${owner}'s ${period.toLowerCase()} budget of ${dollars(amount)}${tagged}`;
}

/** Without the zeros that say nothing. */
function dollars(amount: PicoDollars): string {
  return `${formatUsd(amount).replace(/\.?0+$/, '')} USD`;
}
