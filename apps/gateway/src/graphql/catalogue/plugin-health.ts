import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { GatewayCore } from '../../host/gateway-core.js';
import { GATEWAY_CORE } from '../../host/gateway-core.token.js';

const INCIDENTS = 'parsimony_plugin_incidents_total';
const SAMPLE_EVERY_MS = 60_000;
const SAMPLES = 5;

/**
 * Tells what is wrong with plugins: faults that they reported and that last, and incidents of the last minutes, by
 * sampling the counter that metrics show.
 */
@Injectable()
export class PluginHealth implements OnModuleInit, OnModuleDestroy {
  /** Incidents so far by plugin, oldest sample first. */
  #samples: ReadonlyMap<string, number>[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(@Inject(GATEWAY_CORE) private readonly core: GatewayCore) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.#sample(), SAMPLE_EVERY_MS);
    this.#timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** By plugin what is wrong with it; those that are well are left out. */
  async reasons(): Promise<ReadonlyMap<string, string>> {
    const reasons = new Map<string, string>();
    const incidents = await this.#recentIncidents();
    for (const { plugin } of this.core.plugins.all()) {
      const lasting = [...(this.core.pluginFaults.get(plugin.name) ?? [])].map(([part, fault]) => `${part}: ${fault}`);
      const recent = incidents.get(plugin.name) ?? 0;
      const broken = recent === 0 ? [] : [`${recent} calls met a layer that broke or overran its time`];
      const told = [...lasting, ...broken];
      if (told.length > 0) reasons.set(plugin.name, told.join('; '));
    }
    return reasons;
  }

  /** By plugin the incidents since the oldest sample. */
  async #recentIncidents(): Promise<ReadonlyMap<string, number>> {
    const now = await this.#count();
    const [oldest] = this.#samples;
    return new Map([...now].map(([plugin, count]) => [plugin, count - (oldest?.get(plugin) ?? 0)]));
  }

  async #sample(): Promise<void> {
    this.#samples = [...this.#samples, await this.#count()].slice(-SAMPLES);
  }

  async #count(): Promise<ReadonlyMap<string, number>> {
    const counted = new Map<string, number>();
    const metric = await this.core.metrics.getSingleMetric(INCIDENTS)?.get();
    for (const { labels, value } of metric?.values ?? []) {
      const plugin = String((labels as Record<string, unknown>)['plugin']);
      counted.set(plugin, (counted.get(plugin) ?? 0) + value);
    }
    return counted;
  }
}
