import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Role } from '@parsimony/tenancy';
import { Requires } from '../access/requires.decorator.js';
import { RoleEnum } from '../enums.js';

@ObjectType('ApiKey')
@Requires('key.read')
export class ApiKeyObject {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'How the secret begins, to recognise it by.' })
  prefix!: string;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => Date, { nullable: true })
  revokedAt!: Date | null;

  @Field(() => Date, { nullable: true })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'Until when the secret before the last rotation is good.' })
  formerExpiresAt!: Date | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Patterns of `provider/model` or of bare names, `*` for any characters. Null: all models.',
  })
  allowedModels!: readonly string[] | null;

  @Field(() => [String], { nullable: true, description: 'Addresses and networks (CIDR). Null: from everywhere.' })
  allowedAddresses!: readonly string[] | null;

  @Field(() => Date, { nullable: true, description: 'To the minute or so.' })
  lastUsedAt!: Date | null;
}

@ObjectType('CreatedApiKey')
@Requires('key.create')
export class CreatedApiKeyObject {
  @Field(() => String, { description: 'Shown this once: only its hash is kept.' })
  secret!: string;

  @Field(() => ApiKeyObject)
  apiKey!: ApiKeyObject;
}
