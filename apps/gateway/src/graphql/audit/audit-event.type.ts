import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { JsonObject } from '@parsimony/contract';
import type { AuditEvent, Role } from '@parsimony/tenancy';
import { Requires } from '../access/requires.decorator.js';
import { connectionTypes } from '../connections/connection-types.js';
import { RoleEnum } from '../enums.js';
import { JsonScalar } from '../scalars/json.scalar.js';

@ObjectType('AuditEvent', { description: 'A change of administration. It is neither changed nor deleted.' })
@Requires('audit.read')
class AuditEventObject implements Record<keyof AuditEvent, unknown> {
  @Field(() => ID)
  id!: string;

  @Field(() => Date)
  at!: Date;

  @Field(() => ID, { nullable: true, description: 'Null: it concerns the deployment as a whole.' })
  tenantId!: string | null;

  @Field(() => String, { description: '`key`, `person` or `system`.' })
  actorKind!: string;

  @Field(() => String, { description: 'The id of the key, or the subject of the person.' })
  actorId!: string;

  @Field(() => RoleEnum, { nullable: true })
  actorRole!: Role | null;

  @Field(() => String, { nullable: true, description: 'From which address, where it is known.' })
  address!: string | null;

  @Field(() => String, { description: 'Such as `key.revoke`.' })
  action!: string;

  @Field(() => String)
  targetKind!: string;

  @Field(() => String)
  targetId!: string;

  @Field(() => JsonScalar, { description: 'What was and what is, without secrets.' })
  detail!: JsonObject;
}

export const AuditEventConnectionObject = connectionTypes(AuditEventObject, 'AuditEvent', 'audit.read');
