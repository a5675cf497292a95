import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { BudgetMode, BudgetPeriod, LimitManager } from '@parsimony/tenancy';
import { Requires } from '../access/requires.decorator.js';
import { BudgetModeEnum, BudgetPeriodEnum, LimitManagerEnum } from '../enums.js';
import { TagObject } from './tag.type.js';

@ObjectType('Budget', {
  description:
    'What may be spent in a period, and how it stands in the one that holds now. It holds for the calls that meet all that it names; naming nothing, for all of the tenant.',
})
@Requires('budget.read')
export class BudgetObject {
  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  tenantId!: string;

  @Field(() => String, { nullable: true, description: 'Of a budget that teams share; else null.' })
  name!: string | null;

  @Field(() => ID, { nullable: true, description: 'Null: not only of one team.' })
  teamId!: string | null;

  @Field(() => TagObject, { nullable: true, description: 'Null: whatever the tags.' })
  tag!: TagObject | null;

  @Field(() => BudgetPeriodEnum)
  period!: BudgetPeriod;

  @Field(() => BudgetModeEnum)
  mode!: BudgetMode;

  @Field(() => String, { description: 'IANA name.' })
  timezone!: string;

  @Field(() => [Float], { description: 'Shares of the limit at each of which an event is recorded; ascending.' })
  thresholds!: readonly number[];

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the limit from which calls are forced to the economy tier.',
  })
  downgradeAt!: number | null;

  @Field(() => LimitManagerEnum)
  managedBy!: LimitManager;

  @Field(() => Int, { description: 'Counts changes, from 1.' })
  revision!: number;
}
