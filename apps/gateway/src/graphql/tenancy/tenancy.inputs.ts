import { Field, ID, InputType } from '@nestjs/graphql';
import type { Json } from '@parsimony/contract';
import type { Role } from '@parsimony/tenancy';
import { RoleEnum } from '../enums.js';
import { JsonScalar } from '../scalars/json.scalar.js';

@InputType()
export class CreateTenantInput {
  @Field(() => String)
  name!: string;

  @Field(() => JsonScalar, { nullable: true, description: "The deployment's default document where left out." })
  document?: Json;
}

@InputType()
export class CreateTeamInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => String)
  name!: string;
}

@InputType()
export class CreateApiKeyInput {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID, { nullable: true, description: 'Left out: a key of the tenant as a whole.' })
  teamId?: string | null;

  @Field(() => String)
  name!: string;

  @Field(() => RoleEnum, { defaultValue: RoleEnum.MEMBER })
  role!: Role;

  @Field(() => Date, { nullable: true })
  expiresAt?: Date | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Patterns of `provider/model` or of bare names, `*` for any characters. Left out: all models.',
  })
  allowedModels?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Addresses and networks (CIDR). Left out: from everywhere.' })
  allowedAddresses?: string[] | null;
}
