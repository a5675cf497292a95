import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantRole } from '../role.js';

/** A key of a tenant, or of one of its teams. */
@Entity('api_key', { synchronize: false })
export class ApiKey {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'team_id', nullable: true })
  teamId!: string | null;

  @Column('text')
  name!: string;

  /** How the secret begins, to recognise it by. */
  @Column('text')
  prefix!: string;

  @Column('bytea', { name: 'secret_hash', select: false })
  secretHash!: Buffer;

  @Column('text')
  role!: TenantRole;

  /** Patterns of `provider/model` or of bare names; null: all models. */
  @Column('text', { name: 'allowed_models', array: true, nullable: true })
  allowedModels!: readonly string[] | null;

  /** IPs and CIDRs from which the key may be used; null: all. */
  @Column('text', { name: 'allowed_addresses', array: true, nullable: true })
  allowedAddresses!: readonly string[] | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** Until when the secret before the last rotation is good; the database keeps its hash. */
  @Column({ type: 'timestamptz', name: 'former_expires_at', nullable: true, insert: false })
  formerExpiresAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true, insert: false })
  revokedAt!: Date | null;

  /** To the minute or so: gateways write it in groups. */
  @Column({ type: 'timestamptz', name: 'last_used_at', nullable: true, insert: false })
  lastUsedAt!: Date | null;
}
