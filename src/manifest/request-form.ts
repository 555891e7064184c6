import type { RequestTemplate } from '../model/definition.ts';
import type { Scope } from './scope.ts';
import type { Site } from './site.ts';
import type { CompiledTable, Workshop } from './workshop.ts';

/** A request that says what to do in our words, and the table it speaks of. */
export interface Verb {
  readonly verb: 'get' | 'list' | 'create' | 'update' | 'delete' | 'find' | 'upsert' | 'count';
  readonly table: CompiledTable;
}

/** A request without its headers. */
export type Lowered = Omit<RequestTemplate, 'headers'>;

export interface RequestContext {
  readonly site: Site;
  readonly scope: Scope;
  readonly shop: Workshop;
}
