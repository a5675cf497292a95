import { Context, Parent, ResolveField } from '@nestjs/graphql';
import { projectedSpend } from '@parsimony/budgets';
import type { PicoDollars } from '@parsimony/contract';
import { warningsFor } from '@parsimony/tenancy';
import type { Budget, Credit, Principal } from '@parsimony/tenancy';
import { ApiResolver } from '../errors/api-resolver.decorator.js';
import { perListItem, upTo } from '../limits/complexity.js';
import type { RequestLoaders } from '../loaders/request-loaders.js';
import { MoneyScalar } from '../scalars/money.scalar.js';
import { readableBudgets } from './budget-access.js';
import { EVENTS_AT_MOST, type BudgetEvent } from './budget-events.query.js';
import { BudgetEventObject } from './budget-event.type.js';
import { BudgetLeaseObject } from './budget-lease.type.js';
import { BudgetObject } from './budget.type.js';
import { CreditObject } from './credit.type.js';

/** How a budget stands in the period that holds now. */
@ApiResolver(() => BudgetObject)
export class BudgetFiguresResolver {
  @ResolveField(() => MoneyScalar, { description: 'Without credits.' })
  limit(@Parent() { amount }: Budget): PicoDollars {
    return amount;
  }

  @ResolveField(() => MoneyScalar, { description: 'Credits included.' })
  async effectiveLimit(@Parent() budget: Budget, @Context('loaders') loaders: RequestLoaders): Promise<PicoDollars> {
    return (await loaders.standingOf(budget)).limit;
  }

  @ResolveField(() => MoneyScalar, { description: 'As far as gateways have told: they do so each second.' })
  async spent(@Parent() budget: Budget, @Context('loaders') loaders: RequestLoaders): Promise<PicoDollars> {
    return (await loaders.standingOf(budget)).spent;
  }

  @ResolveField(() => MoneyScalar, { description: 'Set aside for calls under way.' })
  async reserved(@Parent() budget: Budget, @Context('loaders') loaders: RequestLoaders): Promise<PicoDollars> {
    return (await loaders.standingOf(budget)).held;
  }

  @ResolveField(() => MoneyScalar, {
    description: 'Set aside for calls of which nobody knows what they cost, and all that a lost gateway had borrowed.',
  })
  async unconfirmed(@Parent() budget: Budget, @Context('loaders') loaders: RequestLoaders): Promise<PicoDollars> {
    return (await loaders.standingOf(budget)).unconfirmed;
  }

  @ResolveField(() => MoneyScalar, {
    description: 'Of the limit neither spent nor unconfirmed; what is reserved is part of it.',
  })
  async remaining(@Parent() budget: Budget, @Context('loaders') loaders: RequestLoaders): Promise<PicoDollars> {
    return (await loaders.standingOf(budget)).remaining;
  }

  @ResolveField(() => Boolean, { description: 'Nothing remains.' })
  async exhausted(@Parent() budget: Budget, @Context('loaders') loaders: RequestLoaders): Promise<boolean> {
    return (await loaders.standingOf(budget)).remaining === 0n;
  }

  @ResolveField(() => Date)
  async periodStart(@Parent() budget: Budget, @Context('loaders') loaders: RequestLoaders): Promise<Date> {
    return (await loaders.standingOf(budget)).periodStart;
  }

  @ResolveField(() => Date, { nullable: true, description: 'Null: it has no end.' })
  async periodEnd(@Parent() budget: Budget, @Context('loaders') loaders: RequestLoaders): Promise<Date | null> {
    return (await loaders.standingOf(budget)).periodEnd;
  }

  @ResolveField(() => MoneyScalar, {
    nullable: true,
    description:
      'What will have been spent when the period ends, at the pace so far. Null: too early to say, or no end.',
  })
  async projectedSpend(
    @Parent() budget: Budget,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<PicoDollars | null> {
    return projectedSpend(await loaders.standingOf(budget));
  }

  @ResolveField(() => [CreditObject], { complexity: perListItem, description: 'Ended ones included, oldest first.' })
  async credits(@Parent() budget: Budget, @Context('loaders') loaders: RequestLoaders): Promise<readonly Credit[]> {
    const [credits, { credits: left }] = await Promise.all([
      loaders.creditsOfBudget.load(budget.id),
      loaders.standingOf(budget),
    ]);
    const remainingOf = new Map(left.map(({ creditId, remaining }) => [creditId, remaining]));
    return credits.map((credit) => ({ ...credit, remaining: remainingOf.get(credit.id) ?? credit.remaining }));
  }

  @ResolveField(() => [BudgetLeaseObject], {
    complexity: perListItem,
    description:
      'What each gateway process has borrowed in this period; settled leases only where something of them is unconfirmed. For those who administer the tenant.',
  })
  async leases(
    @Parent() budget: Budget,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<readonly BudgetLeaseObject[]> {
    const { leases } = await loaders.standingOf(budget);
    return leases.map(({ held, ...lease }) => ({ ...lease, reserved: held }));
  }

  @ResolveField(() => [BudgetEventObject], {
    complexity: upTo(EVENTS_AT_MOST),
    description: `The last ${EVENTS_AT_MOST}, newest first.`,
  })
  events(@Parent() budget: Budget, @Context('loaders') loaders: RequestLoaders): Promise<readonly BudgetEvent[]> {
    return loaders.eventsOfBudget.load(budget);
  }

  @ResolveField(() => [String], {
    description: 'What is allowed and may yet not be meant: larger than a budget above it, less than what is spent.',
  })
  async warnings(
    @Parent() budget: Budget,
    @Context('principal') principal: Principal,
    @Context('loaders') loaders: RequestLoaders,
  ): Promise<string[]> {
    const [others, { spent }] = await Promise.all([
      // Of those that the key may not see it must not learn here.
      readableBudgets(principal, budget.tenantId, loaders),
      loaders.standingOf(budget),
    ]);
    return warningsFor(budget, others, spent).map(({ message }) => message);
  }
}
