import { startSimulator, type Simulator } from '@parsimony/simulator';
import { CredentialService, MasterKeys, TeamService } from '@parsimony/tenancy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealGateway } from './real-gateway.js';

const MASTER_KEY = 'a master key of a deployment';
let real: RealGateway;
let own: Simulator;
beforeAll(async () => {
  own = await startSimulator();
  real = await RealGateway.start({
    masterKeys: await MasterKeys.from({ current: MASTER_KEY }),
    allowedAddresses: ['127.0.0.1'],
  });
});
afterAll(async () => {
  await real[Symbol.asyncDispose]();
  await own.close();
});

const messages = [{ role: 'user' as const, content: 'x' }];
const service = () => new CredentialService(real.gateway.core.dataSource, real.gateway.core.credentialRules);

async function heard(count: number): Promise<void> {
  await expect
    .poll(() => real.gateway.core.directory.tenant(real.tenantId)?.credentials.length, { timeout: 5_000 })
    .toBe(count);
}

describe("a tenant's own credential", () => {
  it('pays for its calls, at its own address', async () => {
    const ours = real.simulator.bill().total.calls;
    await service().set({
      tenantId: real.tenantId,
      provider: 'openai',
      kind: 'openai',
      baseUrl: `${own.url}/v1`,
      secret: 'sk-of-the-tenant-itself',
    });
    await heard(1);
    await real.client().chat.completions.create({ model: 'openai/gpt-4.1-mini', messages, max_tokens: 5 });
    expect(real.simulator.bill().total.calls).toBe(ours);
    expect(own.bill().total.calls).toBe(1);
    const gates = real.gateway.core.health.report().map(({ provider }) => provider);
    expect(gates, 'its failures are nobody else’s').toEqual([`${real.tenantId}/openai`]);
  });

  it('gives a provider of its own name, with prices of the kind that it is', async () => {
    await service().set({
      tenantId: real.tenantId,
      provider: 'our-claude',
      kind: 'anthropic',
      baseUrl: own.url,
      secret: 'sk-ant-of-the-tenant',
    });
    await heard(2);
    const { response } = await real
      .client()
      .chat.completions.create({ model: 'our-claude/claude-haiku-4-5', messages, max_tokens: 5 })
      .withResponse();
    await real.settled();
    const [row] = await real.rows(`call_id = '${response.headers.get('x-parsimony-request-id')}'`);
    expect(row).toMatchObject({ provider: 'our-claude', price_source: 'catalogue', settlement: 'exact' });
  });

  it('of a team goes before the one of the tenant', async () => {
    const team = await new TeamService(real.gateway.core.dataSource).create(real.tenantId, 'search');
    await service().set({
      tenantId: real.tenantId,
      teamId: team.id,
      provider: 'openai',
      kind: 'openai',
      baseUrl: `${real.simulator.url}/v1`,
      secret: 'sk-of-the-team-alone',
    });
    await heard(3);
    const { secret } = await real.createKey({ name: 'of the team', role: 'MEMBER', teamId: team.id });
    const before = own.bill().total.calls;
    await real.client(secret).chat.completions.create({ model: 'openai/gpt-4.1-mini', messages, max_tokens: 5 });
    expect(own.bill().total.calls).toBe(before);
  });

  it('can be read again by nobody', async () => {
    expect(JSON.stringify(await service().list(real.tenantId))).not.toContain('sk-of');
    expect(JSON.stringify(real.gateway.core.directory.tenant(real.tenantId))).not.toContain('sk-of');
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/v1',
    'http://[::1]/v1',
    'file:///etc/passwd',
    'http://localhost/v1',
    'http://2130706434/v1',
    'https://user:pw@api.openai.com/v1',
  ])('may not lead to %s', async (baseUrl) => {
    const refused = service().set({
      tenantId: real.tenantId,
      provider: 'inside',
      kind: 'compatible',
      baseUrl,
      secret: 'x'.repeat(20),
    });
    await expect(refused).rejects.toMatchObject({ code: 'address_not_allowed', param: 'baseUrl' });
  });

  it.each([
    [{ kind: 'openai', settings: { apiVerison: 'x' } }, 'settings.apiVerison'],
    [{ kind: 'palm' }, 'kind'],
    [{ kind: 'openai', secret: { clientId: 'a' } }, 'secret'],
    [{ kind: 'compatible' }, 'baseUrl'],
  ])('%j is refused by name', async (wrong, param) => {
    const wish = { tenantId: real.tenantId, provider: 'wrong', secret: 'x'.repeat(20), ...wrong };
    await expect(service().set(wish)).rejects.toMatchObject({ code: 'invalid_request', param });
  });
});
