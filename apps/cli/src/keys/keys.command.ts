import { Option, type Command } from 'commander';
import { ROLES, type ApiKey, type Role } from '@parsimony/tenancy';
import type { CliContext } from '../cli/context.js';
import { BadInput } from '../cli/exit-code.js';
import { openTenancy, type Tenancy } from '../database/open-tenancy.js';

const HOUR_MS = 3_600_000;

interface CreateOptions {
  readonly tenant?: string;
  readonly operator?: boolean;
  readonly team?: string;
  readonly role: Role;
  readonly name: string;
  readonly expires?: string;
  readonly model?: string[];
  readonly address?: string[];
}

/** `parsimony keys …` */
export function addKeysCommand(program: Command, { print, ...rest }: CliContext): void {
  const context: CliContext = { print, ...rest };
  const keys = program.command('keys').description('keys of tenants and operators; a secret is shown once');

  keys
    .command('create')
    .description('make a key, and print its secret on the first line')
    .option('--tenant <name>', 'the tenant that it belongs to')
    .option('--operator', 'a key of the whole deployment instead')
    .option('--team <name>', 'a team of the tenant; without it the key is of the tenant as a whole')
    .addOption(
      new Option('--role <role>', 'what it may do')
        .choices(ROLES.filter((role) => role !== 'OPERATOR'))
        .default('MEMBER'),
    )
    .option('--name <text>', 'what it is for', 'made by parsimony keys create')
    .option('--expires <date>', 'until when it is good, such as 2027-01-31 or 2027-01-31T12:00:00Z')
    .option('--model <pattern...>', 'models that it may call, * for any characters')
    .option('--address <cidr...>', 'addresses from which it may be used')
    .action(async (options: CreateOptions) => {
      await using tenancy = await openTenancy(context);
      if (options.operator) {
        if (options.tenant !== undefined) throw new BadInput('a key is of a tenant or of an operator, not of both');
        const { secret, operatorKey } = await tenancy.operatorKeys.create(options.name);
        print(secret);
        print(`operator key ${operatorKey.id}, "${operatorKey.name}"; the secret cannot be shown again`);
        return;
      }
      const tenantId = await tenantIdOf(tenancy, options.tenant);
      const { secret, apiKey } = await tenancy.keys.create({
        tenantId,
        teamId: options.team === undefined ? null : await teamIdOf(tenancy, tenantId, options.team),
        name: options.name,
        role: options.role,
        expiresAt: options.expires === undefined ? null : dateOf(options.expires),
        allowedModels: options.model ?? null,
        allowedAddresses: options.address ?? null,
      });
      print(secret);
      print(`${describe(apiKey)}; the secret cannot be shown again`);
    });

  keys
    .command('list')
    .description('keys of a tenant, revoked ones included')
    .requiredOption('--tenant <name>', 'the tenant')
    .action(async ({ tenant }: { tenant: string }) => {
      await using tenancy = await openTenancy(context);
      for (const key of await tenancy.keys.ofTenants([await tenantIdOf(tenancy, tenant)])) print(describe(key));
    });

  keys
    .command('rotate')
    .description('give a key a new secret, printed on the first line; the old one stays good for a while')
    .argument('<id>', 'the key’s id, as `keys list` shows it')
    .option('--overlap-hours <hours>', 'how long the old secret stays good, 0 to 720', '24')
    .action(async (id: string, { overlapHours }: { overlapHours: string }) => {
      const hours = Number(overlapHours);
      if (!(hours >= 0 && hours <= 720)) throw new BadInput('--overlap-hours is a number from 0 to 720');
      await using tenancy = await openTenancy(context);
      const { tenantId } = await tenancy.keys.locate(id);
      const { secret, apiKey } = await tenancy.keys.rotate(tenantId, id, Math.round(hours * HOUR_MS));
      print(secret);
      print(`${describe(apiKey)}; the old secret is good for ${hours} h more`);
    });

  keys
    .command('revoke')
    .description('end a key at once, in every gateway; doing it again changes nothing')
    .argument('<id>', 'the key’s id')
    .option('--operator', 'it is an operator’s key')
    .action(async (id: string, { operator = false }: { operator?: boolean }) => {
      await using tenancy = await openTenancy(context);
      if (operator) {
        const { name } = await tenancy.operatorKeys.revoke(id);
        print(`operator key ${id}, "${name}", is revoked`);
        return;
      }
      const { tenantId } = await tenancy.keys.locate(id);
      print(describe(await tenancy.keys.revoke(tenantId, id)));
    });
}

async function tenantIdOf({ tenants }: Tenancy, name: string | undefined): Promise<string> {
  if (name === undefined) throw new BadInput('say whose key it is: --tenant NAME, or --operator');
  const tenant = await tenants.findByName(name);
  if (!tenant) throw new BadInput(`there is no tenant "${name}"`);
  return tenant.id;
}

async function teamIdOf({ teams }: Tenancy, tenantId: string, name: string): Promise<string> {
  const team = (await teams.ofTenants([tenantId])).find((candidate) => candidate.name === name);
  if (!team) throw new BadInput(`the tenant has no team "${name}"`);
  return team.id;
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new BadInput(`--expires: "${text}" is no date`);
  return date;
}

function describe({ id, prefix, role, name, expiresAt, revokedAt }: ApiKey): string {
  const state = revokedAt
    ? `revoked ${revokedAt.toISOString()}`
    : `good until ${expiresAt?.toISOString() ?? 'revoked'}`;
  return `key ${id} ${prefix}… ${role} "${name}", ${state}`;
}
