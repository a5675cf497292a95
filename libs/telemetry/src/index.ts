export { CallMetrics, type FinishedCall } from './call-metrics.js';
export { incidentCounter, observedGauge } from './gauges.js';
export { createLogger, pluginLog, type Logger } from './logger.js';
export { createRegistry, type Registry } from './registry.js';
