import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { JsonObject } from '@parsimony/contract';
import type { ProviderCredential } from '@parsimony/tenancy';
import { Requires } from '../access/requires.decorator.js';
import { JsonScalar } from '../scalars/json.scalar.js';

@ObjectType('ProviderCredential', {
  description: 'A credential of a tenant or team at a provider. Its secret is sealed and never shown again.',
})
@Requires('credential.read')
export class ProviderCredentialObject implements Omit<ProviderCredential, 'tenantId'> {
  @Field(() => ID)
  id!: string;

  @Field(() => ID, { nullable: true, description: 'Null: of the tenant as a whole.' })
  teamId!: string | null;

  @Field(() => String, { description: 'The name by which models name it: `provider/model`.' })
  provider!: string;

  @Field(() => String, { description: 'Which adapter speaks to it, such as `openai` or `azure`.' })
  kind!: string;

  @Field(() => String, { nullable: true, description: "Null: the provider's own." })
  baseUrl!: string | null;

  @Field(() => JsonScalar)
  settings!: JsonObject;

  @Field(() => String, { description: 'How the secret ends, to recognise it by; empty where it is short.' })
  hint!: string;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date)
  changedAt!: Date;

  @Field(() => String, { description: 'The id of the key, or the subject of the person, that set it.' })
  changedBy!: string;
}
