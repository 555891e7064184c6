/** Loaded into each process of a test run: replaces a part of one source file, as MUTANT says. */
import { registerHooks } from 'node:module';

const { MUTANT } = process.env;
if (MUTANT !== undefined) {
  const { url, start, end, text } = JSON.parse(MUTANT);
  registerHooks({
    load(loaded, context, next) {
      const result = next(loaded, context);
      if (loaded !== url) return result;
      const source = String(result.source);
      return { ...result, source: source.slice(0, start) + text + source.slice(end) };
    },
  });
}
