import { ExportResultCode, type ExportResult } from '@opentelemetry/core';

interface Exporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void;
}

/**
 * Reports an exporter's first failure after a success; a collector that is away for a day is no reason for a line each
 * five seconds. The exporter itself is changed, since its class has members that the SDK looks for.
 */
export function watched<E extends Exporter<never>>(exporter: E, onFault: (error: unknown) => void): E {
  const send = exporter.export.bind(exporter);
  let failing = false;
  exporter.export = (items, done) =>
    send(items, (result) => {
      const failed = result.code !== ExportResultCode.SUCCESS;
      if (failed && !failing) onFault(result.error ?? new Error('telemetry could not be exported'));
      failing = failed;
      done(result);
    });
  return exporter;
}
