import { Worker } from 'node:worker_threads';

/** Run from its TypeScript sources, Node finds no `./x.js` beside the worker: its types are stripped, its imports not rewritten. */
const FROM_SOURCE = import.meta.url.endsWith('.ts');
export const SOURCE_IMPORTS = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (specifier, context, next) =>
      next(context.parentURL?.endsWith('.ts') ? specifier.replace(/^(\\..*)\\.js$/, '$1.ts') : specifier, context),
  });`)}`;

/**
 * @param module where the worker's module is, without the ending.
 * @param data what it finds as `workerData`.
 */
export function startWorker(name: string, module: URL, data: unknown): Worker {
  return new Worker(new URL(`${module.href}${FROM_SOURCE ? '.ts' : '.js'}`), {
    name,
    workerData: data,
    // The process's own options may hold what a worker must not run, such as another's --import.
    execArgv: FROM_SOURCE ? ['--import', SOURCE_IMPORTS] : [],
  });
}
