import type { Readable, Writable } from 'node:stream';
import type { ConnectorDefinition, Diagnostic } from 'dynamics365-connector';
import type { AnyConnector } from 'dynamics365-connector/host';
import type { ConnectionStore } from 'dynamics365-connector/node';
import type { ClientPool } from '../../client-pool.ts';

/** A language server that speaks the Language Server Protocol over two streams: `d365 lsp`. */
export interface LanguageServer {
  readonly input: Writable;
  readonly output: Readable;
  stop(): void;
}

/** What the pages of authors work with. */
export interface AuthorOptions {
  /** The author's own connector. Nothing outside of it is written. */
  readonly folder: string;
  /** Starts a language server for one page. */
  readonly startLanguageServer: () => LanguageServer;
  /** Compiles the files of the folder, outside of this process, so that polls and requests go on. */
  readonly compile: () => Promise<CompiledManifest>;
  /** Called when the service stops. */
  readonly close: () => void;
}

export interface CompiledManifest {
  /** Undefined if the files have errors. */
  readonly definition?: ConnectorDefinition;
  readonly diagnostics: readonly Diagnostic[];
}

/** The parts of the service that runs of an author use. */
export interface AuthorServices {
  readonly connector: AnyConnector;
  readonly connections: ConnectionStore;
  readonly clients: ClientPool;
}
