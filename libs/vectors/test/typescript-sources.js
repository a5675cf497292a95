import { registerHooks } from 'node:module';

/** Lets a plain Node run the sources: what they import as `.js` stands there as `.ts`. */
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!specifier.endsWith('.js')) throw error;
      return next(specifier.replace(/\.js$/, '.ts'), context);
    }
  },
});
