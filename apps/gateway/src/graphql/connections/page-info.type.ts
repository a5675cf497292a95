import { Field, ObjectType } from '@nestjs/graphql';
import { Requires } from '../access/requires.decorator.js';

@ObjectType('PageInfo', { description: 'Relay cursor connections: https://relay.dev/graphql/connections.htm' })
@Requires('authenticated')
export class PageInfoObject {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether the page was asked for after another one.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}
