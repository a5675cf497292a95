import { pluginFaultGauge, type Logger, type Registry } from '@parsimony/telemetry';

/** What plugins have told of faults that last, by plugin and part: for metrics, the log and whoever asks for health. */
export class PluginFaults {
  readonly #faults = new Map<string, Map<string, string>>();
  readonly #gauge: ReturnType<typeof pluginFaultGauge>;

  constructor(
    registry: Registry,
    private readonly logger: Logger,
  ) {
    this.#gauge = pluginFaultGauge(registry);
  }

  /** Faults of this moment; a plugin without one is not in it. */
  get all(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    return this.#faults;
  }

  /** @param fault null: it is over. What was said before already is not said again. */
  report(plugin: string, part: string, fault: string | null): void {
    const before = this.#faults.get(plugin)?.get(part) ?? null;
    this.#gauge.set({ plugin, part }, Number(fault !== null));
    if (fault === before) return;
    if (fault === null) {
      this.#end(plugin, part);
      this.logger.info({ plugin, part }, 'a fault of a plugin is over');
    } else {
      this.#begin(plugin, part, fault);
      this.logger.error({ plugin, part, fault }, 'a plugin has a fault');
    }
  }

  #begin(plugin: string, part: string, fault: string): void {
    const parts = this.#faults.get(plugin);
    if (parts) parts.set(part, fault);
    else this.#faults.set(plugin, new Map([[part, fault]]));
  }

  #end(plugin: string, part: string): void {
    const parts = this.#faults.get(plugin);
    parts?.delete(part);
    if (parts?.size === 0) this.#faults.delete(plugin);
  }
}
