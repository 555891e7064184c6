import type { RequestTemplate } from '../../model/definition.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { CompileContext, CompiledTable } from './compile-context.ts';
import type { PlaceholderScope } from './placeholder-scope.ts';

/** A table request: its verb and its table. */
export interface TableRequestForm {
  readonly verb: 'get' | 'list' | 'create' | 'update' | 'delete' | 'find' | 'upsert' | 'count';
  readonly table: CompiledTable;
}

/** A request without its headers. */
export type LoweredRequest = Omit<RequestTemplate, 'headers'>;

export interface RequestCompileContext {
  readonly node: SourceNode;
  readonly scope: PlaceholderScope;
  readonly context: CompileContext;
}
