import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import type { PicoDollars } from '@parsimony/contract';
import type { BudgetMode, BudgetPeriod } from '@parsimony/tenancy';
import { BudgetModeEnum, BudgetPeriodEnum } from '../enums.js';
import { MoneyScalar } from '../scalars/money.scalar.js';
import { TagInput } from '../usage/usage-filter.input.js';

const THRESHOLDS = [0.5, 0.8, 1.0];

/** What budgets of every kind are set by. */
@InputType({ isAbstract: true })
export class BudgetTermsInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => MoneyScalar)
  limit!: PicoDollars;

  @Field(() => BudgetPeriodEnum)
  period!: BudgetPeriod;

  @Field(() => BudgetModeEnum, { defaultValue: BudgetModeEnum.HARD })
  mode!: BudgetMode;

  @Field(() => String, {
    nullable: true,
    defaultValue: 'UTC',
    description: 'IANA name, such as "Europe/Berlin". A new one holds from the next period on.',
  })
  timezone?: string | null;

  @Field(() => [Float], {
    nullable: true,
    defaultValue: THRESHOLDS,
    description: 'Shares of the limit at each of which an event is recorded, once a period.',
  })
  thresholds?: number[] | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the limit from which calls are forced to the economy tier.',
  })
  downgradeAt?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuses with `revision_conflict` where the budget is another by now; 0: where there is one at all.',
  })
  expectedRevision?: number | null;
}

@InputType({ description: 'Holds for the calls that meet all of it: with only the tenant, for all of its calls.' })
export class SetBudgetInput extends BudgetTermsInput {
  @Field(() => ID, { nullable: true })
  teamId?: string | null;

  @Field(() => ID, { nullable: true })
  apiKeyId?: string | null;

  @Field(() => TagInput, { nullable: true })
  tag?: TagInput | null;
}

@InputType({ description: 'One budget that several teams share. Its name and period say which one is meant.' })
export class SetPooledBudgetInput extends BudgetTermsInput {
  @Field(() => String)
  name!: string;

  @Field(() => [ID])
  teamIds!: string[];
}
