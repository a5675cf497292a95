import { cpus, totalmem } from 'node:os';

/** Where and when something was measured: without it a figure cannot be compared with another one. */
export function machineLine(now = new Date()): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() || 'unknown CPU';
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `${now.toISOString()} · ${model} · ${processors.length} cores · ${memory} GiB · Node ${process.version}`;
}
