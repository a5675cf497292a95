import type { JsonObject } from '@parsimony/contract';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One revision of a tenant's document; all of them are kept. */
@Entity('tenant_configuration', { synchronize: false })
export class TenantConfiguration {
  @PrimaryColumn('uuid', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('int')
  revision!: number;

  /** As it was written. */
  @Column('jsonb')
  document!: JsonObject;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('text', { name: 'updated_by' })
  updatedBy!: string;
}
