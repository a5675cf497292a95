import { Field, ID, InputType } from '@nestjs/graphql';
import type { Json } from '@parsimony/contract';
import type { SetCredential } from '@parsimony/tenancy';
import { JsonScalar } from '../scalars/json.scalar.js';

@InputType()
export class ProviderCredentialInput implements SetCredential {
  @Field(() => ID)
  tenantId!: string;

  @Field(() => ID, { nullable: true, description: 'Left out: of the tenant as a whole.' })
  teamId?: string | null;

  @Field(() => String, { description: 'The name by which models name it: `provider/model`.' })
  provider!: string;

  @Field(() => String, { description: 'Which adapter speaks to it, such as `openai` or `azure`.' })
  kind!: string;

  @Field(() => String, { nullable: true, description: "Left out: the provider's own." })
  baseUrl?: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'What the kind takes besides; nothing secret.' })
  settings?: Json;

  @Field(() => JsonScalar, { description: 'An API key as text, or an object of texts such as `{ apiKey: "…" }`.' })
  secret!: Json;
}
