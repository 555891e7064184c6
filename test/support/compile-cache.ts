import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Processes that tests start, and the next run of the tests, need not compile the same files again. */
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'd365-compile-cache');
enableCompileCache(process.env.NODE_COMPILE_CACHE);
