import { Counter, Gauge, type Registry } from 'prom-client';

/** A gauge that is read when somebody scrapes. */
export function observedGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** Counts layers that broke, by plugin and by what was done about it. */
export function incidentCounter(registry: Registry): Counter<'plugin' | 'outcome'> {
  return new Counter({
    name: 'parsimony_plugin_incidents_total',
    help: 'Layers that broke or overran their own time',
    labelNames: ['plugin', 'outcome'],
    registers: [registry],
  });
}

/** Shows lasting faults of plugins: 1 while one lasts, 0 when it is over. */
export function pluginFaultGauge(registry: Registry): Gauge<'plugin' | 'part'> {
  return new Gauge({
    name: 'parsimony_plugin_fault',
    help: '1 while a part of a plugin has a fault that lasts, such as a store that is away',
    labelNames: ['plugin', 'part'],
    registers: [registry],
  });
}
