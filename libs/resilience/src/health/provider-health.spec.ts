import { ProviderUnavailable } from '@parsimony/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { passTime, stopClock } from '../../test/scripted-provider.js';
import { ProviderHealth } from './provider-health.js';

beforeEach(stopClock);
afterEach(() => void vi.useRealTimers());

const target = (model: string) => ({ provider: 'openai', model, tier: null });

it('forgets models that work when callers make up names without end, and keeps one that rests', () => {
  const gate = new ProviderHealth().gate('openai');
  gate.model('tired').coolFor(60_000);
  for (let index = 0; index < 5000; index++) gate.tryEnter(target(`made-up-${index}`))?.leave('refused');
  expect(gate.models.size).toBe(500);
  gate.tryEnter(target('ж'.repeat(1_000_000)))?.leave('refused');
  expect([...gate.models.keys()].at(-1)).toBe('other');
  expect(gate.model('tired').coolingUntil).toBe(Date.now() + 60_000);
  expect(gate.bulkhead.active).toBe(0);
});

it('forgets idle gates of tenants, and keeps one with calls under way', () => {
  const health = new ProviderHealth();
  const place = health.gate('tenant-0/own').tryEnter(target('m'));
  for (let index = 1; index < 10_100; index++) health.gate(`tenant-${index}/own`);
  const report = health.report();
  expect(report).toHaveLength(10_000);
  expect(report[0]).toMatchObject({ provider: 'tenant-0/own', callsUnderWay: 1 });
  place?.leave('ok');
});

it('counts an attempt once, whatever is said of it later', () => {
  const health = new ProviderHealth();
  const place = health.gate('openai').tryEnter(target('m'));
  place?.leave('ok');
  place?.leave('failed');
  expect(health.report()[0]).toMatchObject({
    callsUnderWay: 0,
    models: [{ attempts: { ok: 1, failed: 0 }, coolingUntil: null }],
  });
});

it('lets a model rest no shorter than the longest that was asked for', () => {
  const model = new ProviderHealth().gate('openai').model('m');
  model.coolFor(30_000);
  model.coolFor(5000);
  expect(model.coolingUntil).toBe(Date.now() + 30_000);
  passTime(30_000);
  expect(model.coolingUntil).toBe(0);
});

it('keeps the circuit open where the probe proved nothing', async () => {
  const gate = new ProviderHealth().gate('openai');
  for (let index = 0; index < 10; index++) gate.tryEnter(target('m'))?.leave('failed');
  await new Promise((resolve) => setImmediate(resolve));
  passTime(60_000);
  gate.tryEnter(target('m'))?.leave('inconclusive');
  await new Promise((resolve) => setImmediate(resolve));
  expect(gate.model('m').circuit).toBe('open');
});

it('makes nobody wait for a place behind a circuit that is open', async () => {
  const health = new ProviderHealth({ bulkhead: { limit: 1, queue: 5, longestWaitMs: 60_000 } });
  const gate = health.gate('openai');
  for (let index = 0; index < 10; index++) gate.tryEnter(target('m'))?.leave('failed');
  await new Promise((resolve) => setImmediate(resolve));
  const place = gate.tryEnter(target('other'));
  await expect(gate.enter(target('m'), new AbortController().signal)).rejects.toThrow(ProviderUnavailable);
  expect(gate.bulkhead.waiting).toBe(0);
  place?.leave('ok');
});

const decided = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('leaves a provider in use that refuses one call in twenty at once and takes long to answer the others', async () => {
  const gate = new ProviderHealth().gate('openai');
  for (let call = 0; call < 400; call++) {
    const place = gate.tryEnter(target('m'));
    if (call % 20 === 19) place?.leave('failed');
    await decided();
  }
  expect(gate.model('m')).toMatchObject({ circuit: 'closed', counts: { failed: 20, unavailable: 0 } });
});

it('leaves a provider alone that hangs, however many calls still wait for it', async () => {
  const gate = new ProviderHealth().gate('openai');
  const places = Array.from({ length: 400 }, () => gate.tryEnter(target('m')));
  for (const place of places.slice(0, 10)) place?.leave('failed');
  await decided();
  expect(gate.model('m').circuit).toBe('open');
});
