import { Field, Float, ObjectType } from '@nestjs/graphql';
import type { CacheQuality } from '@parsimony/contract';
import { Requires } from '../access/requires.decorator.js';

@ObjectType('MeasuredRate', { description: 'A share from 0 to 1, with its interval of 95 % confidence.' })
@Requires('usage.read')
export class MeasuredRateObject {
  @Field(() => Float)
  rate!: number;

  @Field(() => Float)
  low!: number;

  @Field(() => Float)
  high!: number;
}

@ObjectType('CacheQuality', {
  description: "How often one kind of a cache's answers was right, measured on hits that were asked afresh.",
})
@Requires('usage.read')
export class CacheQualityObject implements CacheQuality {
  @Field(() => String)
  plugin!: string;

  @Field(() => String, { description: 'Such as `chat`, or `results/NAMESPACE`.' })
  kind!: string;

  @Field(() => Float, { description: 'The share of requests that the tenant lets be answered wrongly.' })
  maxErrorRate!: number;

  @Field(() => Float)
  lookups!: number;

  @Field(() => Float)
  hits!: number;

  @Field(() => Float, { description: 'Look-ups that had a neighbour and were asked afresh all the same, to learn.' })
  explorations!: number;

  @Field(() => Float, { description: 'Hits that were not served but asked afresh, to measure.' })
  audits!: number;

  @Field(() => Float, { description: 'Audits whose kept answer was not the fresh one.' })
  falseHits!: number;

  @Field(() => MeasuredRateObject, {
    nullable: true,
    description: 'False hits by hits, by those audits; null before the first one.',
  })
  falseHitRate!: MeasuredRateObject | null;

  @Field(() => MeasuredRateObject, {
    nullable: true,
    description: 'False hits by all look-ups, which `maxErrorRate` bounds; null before the first audit.',
  })
  errorRate!: MeasuredRateObject | null;

  @Field(() => Float)
  entries!: number;

  @Field(() => Float)
  bytes!: number;
}
