import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Requires } from '../access/requires.decorator.js';
import { connectionTypes } from '../connections/connection-types.js';

@ObjectType('Tenant', { description: 'An organisation; owns teams, keys, a configuration document, all its data.' })
@Requires('tenant.read')
export class TenantObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;
}

export const TenantConnectionObject = connectionTypes(TenantObject, 'Tenant', 'tenant.read');
