import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An organisation; owns teams, keys, budgets, a configuration document, all its data. */
@Entity('tenant', { synchronize: false })
export class Tenant {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  /** Of the configuration in force. */
  @Column('int')
  revision!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** When anything of the tenant last changed; the database keeps it. */
  @Column({ type: 'timestamptz', name: 'changed_at', insert: false, update: false })
  changedAt!: Date;
}
