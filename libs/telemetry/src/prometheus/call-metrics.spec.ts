import { NO_USAGE } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { CallMetrics, type FinishedCall } from './call-metrics.js';
import { incidentCounter, observedGauge } from './gauges.js';
import { createRegistry } from './registry.js';

function finished(changes: Partial<FinishedCall> = {}): FinishedCall {
  return {
    operation: 'chat.completions',
    streamed: true,
    status: 'ok',
    cache: 'miss',
    target: { provider: 'openai', model: 'gpt-4.1-mini', tier: null },
    latencyMs: 120,
    usage: { ...NO_USAGE, input: 10, cachedInput: 4, output: 7 },
    cost: 2_500_000_000n,
    ...changes,
  };
}

function linesOf(text: string, name: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('the metrics of calls', () => {
  it('count calls, seconds, tokens and dollars', async () => {
    const registry = createRegistry();
    const metrics = new CallMetrics(registry);
    metrics.finished(finished());
    metrics.finished(finished({ latencyMs: 4000 }));
    metrics.finished(
      finished({ status: 'refused', cache: null, target: null, usage: NO_USAGE, cost: 0n, latencyMs: 1 }),
    );
    const text = await registry.metrics();
    const model = 'model="openai/gpt-4.1-mini"';
    for (const line of [
      'parsimony_calls_total{operation="chat.completions",status="ok",cache="miss"} 2',
      'parsimony_calls_total{operation="chat.completions",status="refused",cache="none"} 1',
      'parsimony_call_duration_seconds_count{operation="chat.completions",streamed="true"} 3',
      'parsimony_call_duration_seconds_bucket{le="0.25",operation="chat.completions",streamed="true"} 2',
      `parsimony_tokens_total{${model},bucket="input"} 20`,
      `parsimony_tokens_total{${model},bucket="cachedInput"} 8`,
      `parsimony_tokens_total{${model},bucket="output"} 14`,
      `parsimony_cost_usd_total{${model}} 0.005`,
    ])
      expect(text.split('\n')).toContain(line);
    expect(linesOf(text, 'parsimony_tokens_total')).toHaveLength(3);
    expect(text).toContain('parsimony_process_cpu_seconds_total');
  });

  it('count what is no token apart', async () => {
    const registry = createRegistry();
    const metrics = new CallMetrics(registry);
    const target = { provider: 'openai', model: 'whisper-1', tier: null };
    const usage = { ...NO_USAGE, seconds: 61, input: 4 };
    metrics.finished(finished({ operation: 'audio.transcriptions', streamed: false, target, usage }));
    const text = await registry.metrics();
    expect(linesOf(text, 'parsimony_units_total')).toEqual([
      'parsimony_units_total{model="openai/whisper-1",bucket="seconds"} 61',
    ]);
    expect(linesOf(text, 'parsimony_tokens_total')).toEqual([
      'parsimony_tokens_total{model="openai/whisper-1",bucket="input"} 4',
    ]);
    expect(text).toContain(
      'parsimony_call_duration_seconds_count{operation="audio.transcriptions",streamed="false"} 1',
    );
  });

  it('say each scrape what was counted since the first one, and no more', async () => {
    const registry = createRegistry();
    const metrics = new CallMetrics(registry);
    metrics.finished(finished());
    await registry.metrics();
    metrics.finished(finished());
    await registry.metrics();
    const text = await registry.metrics();
    expect(text).toContain('parsimony_calls_total{operation="chat.completions",status="ok",cache="miss"} 2\n');
    expect(text).toContain('parsimony_call_duration_seconds_count{operation="chat.completions",streamed="true"} 2\n');
  });

  it('do not grow with the names that callers make up', async () => {
    const registry = createRegistry();
    const metrics = new CallMetrics(registry);
    for (let number = 0; number < 2000; number++) {
      metrics.finished(finished({ target: { provider: 'openai', model: `made-up-${number}`, tier: null } }));
    }
    metrics.finished(finished({ target: { provider: 'openai', model: 'ж'.repeat(1_000_000), tier: null } }));
    const costs = linesOf(await registry.metrics(), 'parsimony_cost_usd_total{');
    expect(costs).toHaveLength(501);
    const other = costs.find((line) => line.includes('model="other"'));
    expect(Number(other?.split(' ')[1])).toBeCloseTo(1501 * 0.0025);
    metrics.finished(finished({ target: { provider: 'openai', model: 'made-up-0', tier: null } }));
    expect(linesOf(await registry.metrics(), 'parsimony_cost_usd_total{')).toContain(
      'parsimony_cost_usd_total{model="openai/made-up-0"} 0.005',
    );
  });

  it('are apart for each registry', async () => {
    const [one, other] = [createRegistry(), createRegistry()];
    new CallMetrics(one).finished(finished());
    new CallMetrics(other);
    expect(linesOf(await one.metrics(), 'parsimony_calls_total{')).toHaveLength(1);
    expect(linesOf(await other.metrics(), 'parsimony_calls_total{')).toEqual([]);
  });
});

describe('gauges', () => {
  it('are read when somebody looks', async () => {
    const registry = createRegistry();
    let backlog = 5;
    observedGauge(registry, 'parsimony_backlog_bytes', 'Backlog', () => backlog);
    expect(await registry.metrics()).toContain('\nparsimony_backlog_bytes 5\n');
    backlog = 7;
    expect(await registry.metrics()).toContain('\nparsimony_backlog_bytes 7\n');
  });
});

describe('incidents', () => {
  it('are counted by plugin and outcome', async () => {
    const registry = createRegistry();
    const incidents = incidentCounter(registry);
    incidents.inc({ plugin: 'semantic-cache', outcome: 'bypassed' });
    incidents.inc({ plugin: 'semantic-cache', outcome: 'bypassed' });
    expect(await registry.metrics()).toContain(
      'parsimony_plugin_incidents_total{plugin="semantic-cache",outcome="bypassed"} 2',
    );
  });
});
